using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Normalizations of samples by the names of the reference.</summary>
internal static class NormalizationTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        ["layer_norm"] = Single(c => c["x"].LayerNorm(c.Options.Integers("normalized_shape", 1).Length, Weight(c), Bias(c), Epsilon(c))),
        ["group_norm"] = Single(c => c["x"].GroupNorm(c.Options.Integer("num_groups", 1), Weight(c), Bias(c), Epsilon(c))),
        ["instance_norm"] = Single(c => c["x"].InstanceNorm(Weight(c), Bias(c), Epsilon(c))),
        ["local_response_norm"] = Single(c => c["x"].LocalResponseNorm(
            c.Options.Integer("size", 5), c.Options.Number("alpha", 1e-4), c.Options.Number("beta", 0.75), c.Options.Number("k", 1))),
    };

    private static Tensor? Weight(OperationCall call) => call.Has("weight") ? call["weight"] : null;

    private static Tensor? Bias(OperationCall call) => call.Has("bias") ? call["bias"] : null;

    private static double Epsilon(OperationCall call) => call.Options.Number("eps", 1e-5);
}
