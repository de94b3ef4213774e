namespace Thalweg.Diagnosis;

/// <summary>Finds the layers in a recording of a forward pass.</summary>
internal static class LayerFinder
{
    private const double FlatSlope = 0.05;

    /// <summary>What the layers on the way to the outputs gave, the last op of each.</summary>
    public static IReadOnlyList<ProbedLayer> Find(Recording recording, Tensor outputs)
    {
        Dictionary<string, (RecordedOp Op, int Axis)> last = [];
        Dictionary<RecordedOp, int> axes = [];
        List<string> order = [];
        foreach (RecordedOp op in recording.Behind(outputs))
        {
            int axis = AxisOf(op, recording, axes);
            if (axis < 0 || op.Kind is OpKind.Arrangement or OpKind.Random or OpKind.Loss || !op.RequiresGrad || !op.DType.IsFloat())
                continue;
            string path = op.Layer.Length > 0 ? op.Layer : $"{op.Name}[{op.Index}]";
            if (!last.ContainsKey(path))
                order.Add(path);
            last[path] = (op, axis);
        }

        return [.. order.Where(path => last[path].Op.OutputShape.Length > 0).Select(path => Look(path, last[path].Op, last[path].Axis))];
    }

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

    private static ProbedLayer Look(string path, RecordedOp op, int axis)
    {
        double[] values = op.Output.Detach().To(DType.Float64).Contiguous().ToArray<double>();
        int units = op.OutputShape[axis], inner = (int)op.OutputShape.LengthOf(axis + 1, op.OutputShape.Rank);
        UnitSums sums = UnitSums.Of(values, values.Length / Math.Max(1, units * inner), units, inner);
        string function = FunctionOf(op);
        return new ProbedLayer(path, function, units, sums.Rms, sums.Deviation)
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

    /// <summary>Which axis counts the units; -1 where there is none.</summary>
    private static int AxisOf(RecordedOp op, Recording recording, Dictionary<RecordedOp, int> axes)
    {
        int rank = op.OutputShape.Rank;
        int axis = rank < 2 ? -1
            : op.Kind == OpKind.Affine ? op.Name == "linear" ? rank - 1 : 1
            : op.Kind is OpKind.Recurrent or OpKind.Attention or OpKind.Lookup or OpKind.Product ? rank - 1
            : -1;
        for (int i = 0; axis < 0 && rank >= 2 && i < op.InputCount; i++)
        {
            if (op.InputShape(i).Rank == rank && recording.OpOf(op.Input(i)) is { } before && axes.TryGetValue(before, out int inherited)
                && inherited >= 0)
            {
                axis = inherited;
            }
        }

        return axes[op] = axis >= 0 || rank < 2 ? axis : rank >= 4 || op.Name == "batch norm" ? 1 : rank - 1;
    }
}
