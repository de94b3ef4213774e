namespace Thalweg.Diagnostics;

/// <summary>What one measurement of an instrument takes, roughly: what it grows with.</summary>
public enum InstrumentCost
{
    /// <summary>Some numbers that the run has at hand.</summary>
    Free,

    /// <summary>Once over activations or parameters.</summary>
    Elements,

    /// <summary>A product for each layer, as large as a part of its backward pass.</summary>
    Products,

    /// <summary>Several products with a matrix of curvature, each about three gradients.</summary>
    Curvature,

    /// <summary>Once over the data, at the start of a run.</summary>
    Data,
}

/// <summary>Counted work: of a measurement, or of a step of training. It decides how often instruments measure, so that this never
/// depends on the clock.</summary>
/// <param name="MultiplyAdds">Multiply-adds.</param>
/// <param name="Bytes">Bytes read and written.</param>
/// <param name="Calls">Operations that are called, each at a fixed price.</param>
public readonly record struct InstrumentWork(double MultiplyAdds, double Bytes = 0, double Calls = 0)
{
    /// <summary>Multiply-adds in the time of one byte that is read or written once, and of one call of an operation: round numbers for
    /// today's processors (100 multiply-adds in a nanosecond, 40 bytes, 1 microsecond).</summary>
    private const double PerByte = 2.5, PerCall = 100_000;

    /// <summary>How much longer counted work takes in a measurement than in a step of training, whose kernels share threads, fuse passes and
    /// find their data in the cache, and how much longer a call, with the lists, names and readings around it: calibrated once, on the networks
    /// of the benchmark (docs/instruments.md).</summary>
    private const double Slower = 2.5, SlowerCall = 6;

    /// <summary>The work of a measurement as work of training that takes as long.</summary>
    internal InstrumentWork AsMeasured => new(Slower * MultiplyAdds, Slower * Bytes, SlowerCall * Calls);

    /// <summary>The work as one number, in multiply-adds.</summary>
    public double Total => MultiplyAdds + (PerByte * Bytes) + (PerCall * Calls);

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static InstrumentWork operator +(InstrumentWork left, InstrumentWork right) =>
        new(left.MultiplyAdds + right.MultiplyAdds, left.Bytes + right.Bytes, left.Calls + right.Calls);

    /// <summary>Several times the same.</summary>
    /// <param name="factor">How often, dimensionless.</param>
    /// <param name="work">The work.</param>
    public static InstrumentWork operator *(double factor, InstrumentWork work) =>
        new(factor * work.MultiplyAdds, factor * work.Bytes, factor * work.Calls);

    /// <summary>The forward pass of some operations, counted from their shapes.</summary>
    /// <param name="ops">The operations.</param>
    public static InstrumentWork Of(IEnumerable<RecordedOp> ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return ops.Aggregate(default(InstrumentWork), (sum, op) => sum + Of(op));
    }

    /// <summary>The forward computation of an operation, counted from its shapes.</summary>
    /// <param name="op">The operation.</param>
    public static InstrumentWork Of(RecordedOp op)
    {
        ArgumentNullException.ThrowIfNull(op);
        double output = op.OutputShape.Length, inputs = 0;
        for (int i = 0; i < op.InputCount; i++)
        {
            inputs += op.InputShape(i).Length;
        }

        double products = op.Kind switch
        {
            // Each output takes one product for each weight that leads to it.
            OpKind.Affine when op.InputCount > 1 => output * op.InputShape(1).Length / Math.Max(1, OutputsOf(op)),
            OpKind.Recurrent when op.InputCount > 2 => op.InputShape(0).Length * (double)op.InputShape(2)[0],
            OpKind.Product => output * op.InputShape(0)[-1],
            OpKind.Attention => 2 * output * op.InputShape(0)[-2],
            _ => 0,
        };
        // Products hide the way of their data from memory as far as they take longer.
        return new(products, Math.Max(0, (4 * (inputs + output)) - (products / PerByte)), 1);
    }

    private static double OutputsOf(RecordedOp op) =>
        op.Name == "linear" ? op.InputShape(1)[-1] : op.InputShape(1)[op.OutputShape.Rank > 1 && op.InputShape(1)[0] == op.OutputShape[1]
            ? 0 : 1];
}
