using System.Globalization;
using Thalweg.Layers;

namespace Thalweg.Diagnostics;

/// <summary>From the figures of an audit to sentences.</summary>
internal static class AuditFindings
{
    /// <summary>Change of a mean square over the whole depth that still trains well: a factor of ten in size.</summary>
    private const double Range = 100;

    private const double InputRange = 10, FlatValues = 0.3, FlatUnits = 0.5, LossRange = 2;

    /// <summary>The gravest verdict, and all findings.</summary>
    /// <param name="module">The network.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="input">Mean square of the inputs.</param>
    /// <param name="loss">Loss of the batch.</param>
    /// <param name="classes">Classes of a softmax, or 0.</param>
    public static (AuditVerdict Verdict, List<string> Findings) Of(
        Module module, IReadOnlyList<AuditLayer> layers, double input, double loss, int classes)
    {
        List<(AuditVerdict Verdict, string Text)> found = [.. Symmetry(module, layers)];
        found.AddRange(Sizes("signals", layers, layer => layer.MeasuredForward));
        found.AddRange(Sizes("gradients", [.. layers.Reverse()], layer => layer.GradientSquare));
        found.AddRange(Flatness(layers));
        if (input is > InputRange or < 1 / InputRange / InputRange)
        {
            found.Add(
                (AuditVerdict.Healthy, $"The inputs have a mean square of {Text(input)}; standardize them to mean 0 and variance 1."));
        }

        if (classes > 1 && loss > LossRange * Math.Log(classes))
        {
            found.Add((AuditVerdict.Healthy, $"The first loss is {Text(loss)}, that of guessing {Text(Math.Log(classes))}: the last " +
                "layer starts too large; scale it down."));
        }

        return (found.Count > 0 ? found[0].Verdict : AuditVerdict.Healthy, [.. found.Select(f => f.Text)]);
    }

    private static IEnumerable<(AuditVerdict Verdict, string Text)> Symmetry(Module module, IReadOnlyList<AuditLayer> layers)
    {
        foreach (AuditLayer layer in layers.SkipLast(1))
        {
            Tensor weight = module.NamedParameters().First(p => p.Name == layer.Name).Parameter.Value;
            if (Moments.Of(weight) is { } moments && !(moments.Variance > 1e-12 * moments.Square))
            {
                yield return (AuditVerdict.Symmetric,
                    $"All weights of '{layer.Name}' are equal, so its units stay alike for ever; start it with {Proposal(layer)}.");
            }
        }
    }

    private static IEnumerable<(AuditVerdict Verdict, string Text)> Sizes(
        string what, IReadOnlyList<AuditLayer> layers, Func<AuditLayer, double> size)
    {
        double change = size(layers[^1]) / size(layers[0]);
        if (layers.Count < 2 || (change >= 1 / Range && change <= Range))
            yield break;

        bool shrinks = !(change > Range);
        double step = Math.Sqrt(Math.Pow(change, 1.0 / (layers.Count - 1)));
        AuditLayer worst = layers.MaxBy(layer => layer.Gain > 0 ? Math.Abs(Math.Log(layer.ProposedGain / layer.Gain)) : double.MaxValue)!;
        yield return (shrinks ? AuditVerdict.Vanishing : AuditVerdict.Exploding,
            $"The {what} {(shrinks ? "shrink" : "grow")} by a factor of {Text(shrinks ? 1 / step : step)} per layer between " +
            $"'{layers[0].Name}' and '{layers[^1].Name}'; "
            + $"'{worst.Name}' has gain {Text(worst.Gain)} where {Text(worst.ProposedGain)} keeps them: {Advice(worst)}.");
    }

    /// <summary>What to do about a size: another gain, or where the gain is right already, another network.</summary>
    private static string Advice(AuditLayer worst) => worst.Gain > 0 && Math.Abs(Math.Log(worst.ProposedGain / worst.Gain)) < Math.Log(1.3)
        ? "no gain fixes it; normalize batches, or take relu or tanh"
        : $"start it with {Proposal(worst)}, or normalize batches";

    private static IEnumerable<(AuditVerdict Verdict, string Text)> Flatness(IReadOnlyList<AuditLayer> layers)
    {
        foreach (AuditLayer layer in layers)
        {
            if (layer.Flat > (layer.IsBounded ? FlatValues : FlatUnits))
            {
                string share = layer.Flat.ToString("P0", CultureInfo.InvariantCulture);
                yield return (AuditVerdict.Saturated, layer.IsBounded
                    ? $"{share} of the {layer.Activation} values after '{layer.Name}' stand where it is flat; start it with " +
                        $"{Proposal(layer)}."
                    : $"{share} of the {layer.Activation} units after '{layer.Name}' are flat for every sample; start it with " +
                        $"{Proposal(layer)} and a bias of 0.");
            }
        }
    }

    /// <summary>An initializer of the proposed gain, as text.</summary>
    private static string Proposal(AuditLayer layer) => layer.Activation == "relu"
        ? "he_normal"
        : string.Create(CultureInfo.InvariantCulture, $"variance_scaling(scale={layer.ProposedGain * layer.ProposedGain:0.###})");

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
