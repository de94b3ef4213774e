namespace Thalweg.Diagnostics;

/// <summary>What left a layer in a pass, as rows of units.</summary>
public sealed class LayerOutput
{
    private static readonly Dictionary<string, Activation> s_activations = Enum.GetValues<Activation>()
        .ToDictionary(activation => Simple(activation.ToString()), activation => activation, StringComparer.OrdinalIgnoreCase);

    private readonly int _unitAxis;

    private LayerOutput(string path, RecordedOp op, int unitAxis) => (Path, Op, _unitAxis) = (path, op, unitAxis);

    /// <summary>Path of the layer; of operations outside of any module their name and number.</summary>
    public string Path { get; }

    /// <summary>The operation that the layer ended with.</summary>
    public RecordedOp Op { get; }

    /// <summary>Number of units: of channels behind a convolution, else of elements of the last axis.</summary>
    public int Units => Op.OutputShape[_unitAxis];

    /// <summary>Number of values of each unit: samples times positions or times.</summary>
    public int Rows => (int)(Op.OutputShape.Length / Math.Max(1, Units));

    /// <summary>Neighboring values of one unit in memory: 1 where the units are the last axis.</summary>
    public int Run => (int)Op.OutputShape.LengthOf(_unitAxis + 1, Op.OutputShape.Rank);

    /// <summary>The function that the layer ended with; none where it is not known.</summary>
    public Activation Activation => Op.Kind == OpKind.Recurrent
        ? Op.Attribute("cell", RecurrentCell.Lstm) switch
        {
            RecurrentCell.Tanh => Activation.Tanh,
            RecurrentCell.Relu => Activation.Relu,
            _ => Activation.None,
        }
        : Op.Kind == OpKind.Elementwise && s_activations.TryGetValue(Simple(Op.Name), out Activation named)
            ? named
            : Op.Attribute("activation", Activation.None);

    /// <summary>The values, in memory one after another.</summary>
    public Tensor Values => Op.Output.Detach().Contiguous();

    /// <summary>Mean, variance, range of each unit, from one visit of the values.</summary>
    public UnitStatistics Statistics => field ??= UnitStatistics.Of(this);

    /// <summary>The values as <c>[rows, units]</c>, of at most so many rows and units, evenly chosen.</summary>
    /// <param name="rows">Rows at most, 1 or more.</param>
    /// <param name="units">Units at most, 1 or more.</param>
    public UnitMatrix Take(int rows, int units) => UnitMatrix.Of(this, rows, units);

    /// <summary>What left the layers on the way to outputs, in the order of the pass: the last operation of each.</summary>
    /// <param name="recording">The recorded pass.</param>
    /// <param name="outputs">What the pass came to.</param>
    /// <returns>Layers whose results are numbers that depend on parameters; arrangements, draws and losses are none.</returns>
    public static IReadOnlyList<LayerOutput> Find(Recording recording, Tensor outputs)
    {
        Dictionary<RecordedOp, int> axes = [];
        Dictionary<string, RecordedOp> last = [];
        List<string> order = [];
        foreach (RecordedOp op in recording.Behind(outputs))
        {
            int axis = AxisOf(op, recording, axes);
            if (axis < 0 || op.Kind is OpKind.Arrangement or OpKind.Random or OpKind.Loss || !op.RequiresGrad || !op.DType.IsFloat())
            {
                continue;
            }

            string path = op.Layer.Length > 0 ? op.Layer : $"{op.Name}[{op.Index}]";
            if (!last.ContainsKey(path))
            {
                order.Add(path);
            }

            last[path] = op;
        }

        return [.. order.Select(path => new LayerOutput(path, last[path], axes[last[path]]))
            .Where(layer => layer.Op.OutputShape.Length > 0)];
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

        axis = axis < 0 && rank >= 2 ? rank >= 4 || op.Name == "batch norm" ? 1 : rank - 1 : axis;
        return axes[op] = axis;
    }

    private static string Simple(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
