using Thalweg.Diagnostics;

namespace Thalweg.Diagnosis;

/// <summary>Finds the layers in a recording of a forward pass.</summary>
internal static class LayerFinder
{
    private const double FlatSlope = 0.05;

    /// <summary>What the layers on the way to the outputs gave, the last op of each.</summary>
    public static IReadOnlyList<ProbedLayer> Find(Recording recording, Tensor outputs) =>
        [.. LayerOutput.Find(recording, outputs).Select(Look)];

    /// <summary>The first op on the way to the outputs that gave a number that is not finite.</summary>
    public static string? FirstNonFinite(Recording recording, Tensor outputs)
    {
        foreach (RecordedOp op in recording.Behind(outputs).Where(op => op.DType.IsFloat()))
        {
            if (op.Output.Detach().To(DType.Float64).Contiguous().ToArray<double>().Any(value => !double.IsFinite(value)))
                return op.Layer.Length == 0 ? op.Name : $"{op.Name} in {op.Layer}";
        }

        return null;
    }

    private static ProbedLayer Look(LayerOutput layer)
    {
        double[] values = layer.Op.Output.Detach().To(DType.Float64).Contiguous().ToArray<double>();
        (int units, int inner) = (layer.Units, layer.Run);
        UnitSums sums = UnitSums.Of(values, values.Length / Math.Max(1, units * inner), units, inner);
        string function = FunctionOf(layer.Op);
        return new ProbedLayer(layer.Path, function, units, sums.Rms, sums.Deviation)
        {
            Zero = Share(units, unit => sums.Lows[unit] == 0 && sums.Highs[unit] == 0),
            Constant = Share(units, unit => sums.Lows[unit] == sums.Highs[unit]),
            Saturated = FlatOf(function) is var (low, high) ? (double)values.Count(value => value <= low || value >= high) / values.Length
                : double.NaN,
        };
    }

    private static double Share(int units, Func<int, bool> holds) =>
        (double)Enumerable.Range(0, units).Count(holds) / Math.Max(1, units);

    private static string FunctionOf(RecordedOp op)
    {
        if (op.Kind == OpKind.Recurrent)
            return op.Attribute("cell", RecurrentCell.Lstm) is RecurrentCell.Relu ? "relu" : "tanh";
        string name = op.Kind == OpKind.Elementwise ? op.Name : op.Attribute("activation", Activation.None).ToString();
        string simple = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return simple == "hardsigmoid" ? "hard_sigmoid" : simple;
    }

    /// <summary>Results at or below the first and at or above the second number have a slope below 5 % of the greatest.</summary>
    private static (double Low, double High)? FlatOf(string function)
    {
        double root = Math.Sqrt(1 - FlatSlope);
        return function switch
        {
            "sigmoid" => ((1 - root) / 2, (1 + root) / 2),
            "tanh" => (-root, root),
            "softsign" => (-(1 - Math.Sqrt(FlatSlope)), 1 - Math.Sqrt(FlatSlope)),
            "hardtanh" => (-1, 1),
            "hard_sigmoid" => (0, 1),
            "relu6" => (0, 6),
            "relu" => (0, double.PositiveInfinity),
            _ => null,
        };
    }
}
