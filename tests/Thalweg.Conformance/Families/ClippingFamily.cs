using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Conformance.Families;

/// <summary>Clipping of gradients: one step of the clipping rule alone from 0, whose update is the clipped gradient.</summary>
internal sealed class ClippingFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        JsonElement[] tensors = [.. golden["gradients"].EnumerateArray()];
        double[] gradients = [.. tensors.SelectMany(Json.Data)], expected = [.. golden["clipped"].EnumerateArray().SelectMany(Json.Data)];
        double[] clipped = new double[gradients.Length];
        OptimizerRun run = new(Chain.Of(RuleOf(golden)), ParameterSegments.Single(gradients.Length), DType.Float64);
        golden.Options.RefuseUnread();
        run.Step<double>(clipped, gradients);
        comparison.Add("clipped", clipped, expected);
        if (golden.Has("total_norm"))
            comparison.Add("total norm", run.LastNorm, golden["total_norm"].GetDouble());
    }

    private static Rule RuleOf(GoldenCase golden) => golden.Text("op") switch
    {
        "clip_grad_value" => new ClipByValue(golden.Options.Number("clip_value")),
        "clip_grad_norm" => new ClipByGlobalNorm(golden.Options.Number("max_norm"))
        {
            Order = golden.Options.Order("norm_type"),
            Denominator = ClipDenominator.NormPlusOffset,
        },
        string other => throw new UnsupportedException($"operation {other}"),
    };
}
