using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Layers;

namespace Thalweg.Conformance.Families;

/// <summary>Batch normalization over a sequence of training and evaluation steps.</summary>
internal sealed class BatchNormFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        BatchNorm layer = LayerTable.BatchNorm(golden.Text("op"), golden.Options);
        golden.Options.RefuseUnread();
        layer.Initialize(0, DType.Float64);
        Start(layer, golden["init"]);
        int number = 0;
        foreach (JsonElement step in golden["steps"].EnumerateArray())
            Run(layer, step, comparison, $"step {number++}: ");
    }

    private static void Start(BatchNorm layer, JsonElement init)
    {
        foreach (JsonProperty start in init.EnumerateObject().Where(start => start.Value.ValueKind != JsonValueKind.Null))
        {
            Tensor? own = start.Name switch
            {
                "weight" => layer.Gamma?.Value,
                "bias" => layer.Beta?.Value,
                "running_mean" => layer.RunningMean,
                "running_var" => layer.RunningVariance,
                _ => null,
            };
            (own ?? throw new UnsupportedException($"start value {start.Name}")).Assign(Json.Tensor(start.Value));
        }
    }

    private static void Run(BatchNorm layer, JsonElement step, Comparison comparison, string at)
    {
        layer.SetTraining(step.GetProperty("mode").GetString() == "train");
        Tensor x = Json.Tensor(step.GetProperty("x"));
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        comparison.Add(at + "y", y, step.GetProperty("y"));
        (string Name, Tensor? Value)[] inputs = [("grad_x", x), ("grad_weight", layer.Gamma?.Value), ("grad_bias", layer.Beta?.Value)];
        (string Name, Tensor Value)[] wanted =
            [.. inputs.Where(i => i.Value is not null && Given(step, i.Name)).Select(i => (i.Name, i.Value!))];
        foreach (bool recorded in (bool[])[false, true])
        {
            Tensor[] gradients = Gradients.Of(y, Json.Tensor(step.GetProperty("grad_y")), [.. wanted.Select(w => w.Value)], recorded);
            for (int i = 0; i < wanted.Length; i++)
                comparison.Add(at + wanted[i].Name, gradients[i], step.GetProperty(wanted[i].Name));
        }

        (string, Tensor?)[] buffers = [("running_mean", layer.RunningMean), ("running_var", layer.RunningVariance)];
        foreach ((string name, Tensor? buffer) in buffers)
        {
            if (Given(step, name))
                comparison.Add(at + name, buffer ?? throw new UnsupportedException(name), step.GetProperty(name));
        }

        if (step.TryGetProperty("num_batches_tracked", out JsonElement count) && count.ValueKind == JsonValueKind.Number)
            comparison.Add(at + "num_batches_tracked", layer.BatchesTracked, count.GetDouble());
    }

    private static bool Given(JsonElement step, string name) =>
        step.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object;
}
