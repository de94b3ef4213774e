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
        {
            comparison.Add("total norm", run.LastNorm, golden["total_norm"].GetDouble());
        }
    }

    private static Rule RuleOf(GoldenCase golden)
    {
        switch (golden.Text("op"))
        {
            case "clip_grad_value":
                return new ClipByValue(golden.Options.Number("clip_value"));
            case "clip_grad_norm":
                JsonElement norm = golden.Options.Element("norm_type");
                return norm.ValueKind is JsonValueKind.Undefined or JsonValueKind.Number && golden.Options.Number("norm_type", 2) == 2
                    ? new ClipByGlobalNorm(golden.Options.Number("max_norm")) { Denominator = ClipDenominator.NormPlusOffset }
                    : throw new UnsupportedException($"norm of order {norm}");
            default:
                throw new UnsupportedException($"operation {golden.Text("op")}");
        }
    }
}
