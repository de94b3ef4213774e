using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Losses;

namespace Thalweg.Conformance.Families;

/// <summary>Training of whole networks: the loss before each update, and everything at the end.</summary>
internal sealed class TrainingFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        Network network = Network.Of(golden);
        Loss loss = LossOf(golden);
        (Tensor x, Tensor y) = (Json.Tensor(golden["data"].GetProperty("x")), TargetsOf(golden));
        TrainingSteps.Run(golden, comparison, network, step =>
        {
            Tensor? rows = RowsOf(golden, step);
            return loss.Compute(network.Module.Forward(Chosen(x, rows)), Chosen(y, rows));
        });
        CompareEnd(golden, comparison, network, loss, (x, y));
    }

    private static void CompareEnd(GoldenCase golden, Comparison comparison, Network network, Loss loss, (Tensor X, Tensor Y) data)
    {
        network.Module.SetTraining(false);
        Tensor outputs = network.Module.Forward(data.X);
        comparison.Add("final_eval_loss", loss.Compute(outputs, data.Y).Item(), golden["final_eval_loss"].GetDouble());
        if (golden.Has("final_accuracy"))
            comparison.Add("final_accuracy", AccuracyOf(golden, outputs, data.Y), golden["final_accuracy"].GetDouble());

        network.Compare(golden, comparison);
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
            return x;

        return x.DType == DType.Int32 ? x.To(DType.Float64).GatherRows(rows).To(DType.Int32) : x.GatherRows(rows);
    }

    private static double AccuracyOf(GoldenCase golden, Tensor outputs, Tensor y)
    {
        if (LossName(golden) == "cross_entropy")
            return outputs.ArgMax().ToArray<int>().Zip(y.ToArray<int>(), (a, b) => a == b ? 1.0 : 0).Average();

        return outputs.Step().IsEqual(y).Mean().Item();
    }
}
