using Thalweg.Conformance.Golden;
using Thalweg.Layers;
using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Recurrent operations by the names of the reference.</summary>
internal static class RecurrentTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        ["rnn"] = c => Run(c, c.Options.Text("nonlinearity", "tanh") == "relu" ? RecurrentCell.Relu : RecurrentCell.Tanh),
        ["lstm"] = c => Run(c, RecurrentCell.Lstm),
        ["gru"] = c => Run(c, RecurrentCell.Gru),
        ["self_attention"] = Single(Attend),
    };

    private static Dictionary<string, Tensor> Run(OperationCall call, RecurrentCell cell)
    {
        RecurrentOptions options = new()
        {
            Layers = call.Options.Integer("num_layers", 1),
            Bidirectional = call.Options.Flag("bidirectional"),
            Bias = call.Options.Flag("bias", true),
            BatchFirst = call.Options.Flag("batch_first"),
        };
        if (call.Options.Number("dropout", 0) != 0)
            throw new UnsupportedException("dropout, whose random numbers no case lists");

        int inputs = call.Options.Integer("input_size", 1), units = call.Options.Integer("hidden_size", 1);
        if (call["x"].Shape[-1] != inputs)
            throw new UnsupportedException($"inputs of width {call["x"].Shape[-1]} for input_size {inputs}");

        // The reference keeps weights [out, in], this library [in, out].
        RecurrentWeights weights = new(
            cell, units, options, name => name.StartsWith("weight", StringComparison.Ordinal) ? call[name].Transpose() : call[name]);
        RecurrentState? initial = call.Has("h0") ? new RecurrentState(call["h0"], call.Has("c0") ? call["c0"] : null) : null;
        (Tensor output, RecurrentState final) = RecurrentStack.Run(weights, call["x"], initial, lengths: null);
        Dictionary<string, Tensor> results = new() { ["y"] = output, ["h_n"] = final.Hidden };
        if (final.Memory is not null)
            results["c_n"] = final.Memory;

        return results;
    }

    /// <summary>Self-attention of sequences [time, batch, width], as <see cref="MultiHeadAttention"/> computes it. Source: Vaswani and
    /// others, NeurIPS 2017, eq. (1).</summary>
    private static Tensor Attend(OperationCall call)
    {
        if (call.Options.Integer("embed_dim", call["x"].Shape[2]) != call["x"].Shape[2])
            throw new UnsupportedException("inputs of another width than embed_dim");

        // The layer has batches first and weights [in, out]; the reference has time first and weights [out, in].
        Tensor projection = call["x"].Transpose(0, 1)
            .Linear(call["in_proj_weight"].Transpose(), call.Has("in_proj_bias") ? call["in_proj_bias"] : null);
        Tensor mixed = projection.SelfAttention(call.Options.Integer("num_heads", 1), new() { Causal = call.Options.Flag("causal") });
        return mixed.Linear(call["out_proj_weight"].Transpose(), call.Has("out_proj_bias") ? call["out_proj_bias"] : null).Transpose(0, 1);
    }
}
