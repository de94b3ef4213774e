using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Conformance.Families;

/// <summary>Training of whole networks: the loss before each update, and everything at the end.</summary>
internal sealed class TrainingFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        Network network = Network.Of(golden);
        ParameterVector vector = new(network.Module);
        OptimizerRun run = new(ChainOf(golden), vector.Segments, DType.Float64);
        Loss loss = LossOf(golden);
        double[] expected = golden.Numbers("loss");
        double[]? norms = golden.Has("grad_norms") ? golden.Numbers("grad_norms") : null;
        (Tensor x, Tensor y) = (Json.Tensor(golden["data"].GetProperty("x")), TargetsOf(golden));
        for (int step = 0; step < golden["steps"].GetInt32(); step++)
        {
            Tensor? rows = RowsOf(golden, step);
            Tensor value = loss.Compute(network.Module.Forward(Chosen(x, rows)), Chosen(y, rows));
            comparison.Add($"loss[{step}]", value.Item(), expected[step]);
            value.Backward();
            run.Step(vector.Values, vector.Gradients);
            if (norms is not null)
            {
                comparison.Add($"grad_norms[{step}]", run.LastNorm, norms[step]);
            }
        }

        CompareEnd(golden, comparison, network, loss, (x, y));
    }

    private static void CompareEnd(GoldenCase golden, Comparison comparison, Network network, Loss loss, (Tensor X, Tensor Y) data)
    {
        network.Module.SetTraining(false);
        Tensor outputs = network.Module.Forward(data.X);
        comparison.Add("final_eval_loss", loss.Compute(outputs, data.Y).Item(), golden["final_eval_loss"].GetDouble());
        if (golden.Has("final_accuracy"))
        {
            comparison.Add("final_accuracy", AccuracyOf(golden, outputs, data.Y), golden["final_accuracy"].GetDouble());
        }

        foreach (string list in (string[])["final_params", "final_buffers"])
        {
            foreach (JsonProperty tensor in golden.Has(list) ? [.. golden[list].EnumerateObject()] : (JsonProperty[])[])
            {
                Compare(comparison, network, tensor);
            }
        }

        JsonProperty[] norms = golden.Has("final_param_norms") ? [.. golden["final_param_norms"].EnumerateObject()] : [];
        foreach (JsonProperty norm in norms)
        {
            comparison.Add($"norm of {norm.Name}", network.Get(norm.Name).Norm().Item(), norm.Value.GetDouble());
        }
    }

    private static void Compare(Comparison comparison, Network network, JsonProperty expected)
    {
        if (expected.Name.EndsWith(".num_batches_tracked"))
        {
            double count = expected.Value.ValueKind == JsonValueKind.Object ? Json.Data(expected.Value)[0] : expected.Value.GetDouble();
            comparison.Add(expected.Name, network.BatchesOf(expected.Name), count);
        }
        else
        {
            comparison.Add(expected.Name, network.Get(expected.Name), expected.Value);
        }
    }

    private static Chain ChainOf(GoldenCase golden)
    {
        string name = golden.Text("optimizer");
        (Hyperparameter rate, Schedule? momentum) = SchedulerTable.Of(golden, OptimizerTable.Rate(name, golden.Options));
        Chain chain = OptimizerTable.Make(name, golden.Options, rate, momentum);
        return golden.Has("clip_grad_norm")
            ? [new ClipByGlobalNorm(golden["clip_grad_norm"].GetDouble()) { Denominator = ClipDenominator.NormPlusOffset }, .. chain]
            : chain;
    }

    /// <summary>The file names its loss; a case has a list of numbers under the same key.</summary>
    private static string LossName(GoldenCase golden) =>
        golden.Common("loss") is { ValueKind: JsonValueKind.String } loss
            ? loss.GetString()!
            : throw new UnsupportedException("a file without a loss");

    private static Loss LossOf(GoldenCase golden) => LossName(golden) switch
    {
        "cross_entropy" => Loss.SoftmaxCrossEntropy,
        "mse" => Loss.MeanSquaredError,
        "bce_with_logits" => Loss.BinaryCrossEntropy,
        string other => throw new UnsupportedException($"loss {other}"),
    };

    private static Tensor TargetsOf(GoldenCase golden)
    {
        JsonElement y = golden["data"].GetProperty("y");
        bool labels = LossName(golden) == "cross_entropy";
        double[] numbers = y.ValueKind == JsonValueKind.Object ? Json.Data(y) : Json.Numbers(y);
        Shape shape = y.ValueKind == JsonValueKind.Object ? Json.ShapeOf(y) : [numbers.Length];
        return labels ? Tensor.From([.. numbers.Select(v => (int)v)], shape) : Tensor.From(numbers, shape);
    }

    private static Tensor? RowsOf(GoldenCase golden, int step) => golden["batches"].ValueKind == JsonValueKind.String
        ? null
        : Tensor.Vector<int>([.. golden["batches"][step].EnumerateArray().Select(e => e.GetInt32())]);

    private static Tensor Chosen(Tensor x, Tensor? rows)
    {
        if (rows is null)
        {
            return x;
        }

        return x.DType == DType.Int32 ? x.To(DType.Float64).GatherRows(rows).To(DType.Int32) : x.GatherRows(rows);
    }

    private static double AccuracyOf(GoldenCase golden, Tensor outputs, Tensor y)
    {
        if (LossName(golden) == "cross_entropy")
        {
            return outputs.ArgMax().ToArray<int>().Zip(y.ToArray<int>(), (a, b) => a == b ? 1.0 : 0).Average();
        }

        return outputs.Step().IsEqual(y).Mean().Item();
    }
}
