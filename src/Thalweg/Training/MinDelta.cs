namespace Thalweg.Training;

/// <summary>How the least improvement is measured.</summary>
public enum MinDeltaMode
{
    /// <summary>In the metric's unit: better than best + delta.</summary>
    Absolute,

    /// <summary>As a share of the best value: better than best + delta |best|.</summary>
    Relative,
}

/// <summary>What counts as an improvement of a metric of which more is better.</summary>
/// <remarks>Formula: metric > best + delta (strict), or at least that; with a relative delta, best + delta |best|. Source: Keras,
/// EarlyStopping (absolute min_delta, strict); PyTorch, ReduceLROnPlateau (both forms, strict).</remarks>
public sealed record MinDelta
{
    /// <summary>The least improvement, at least 0, in the metric's unit or as a share of it; default 0.</summary>
    /// <exception cref="ThalwegException">The number is negative or not finite; give one of at least 0.</exception>
    public double Delta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ThalwegException(
                $"[early stopping] expected a delta of at least 0, got {value}; give a finite number of 0 or more");
    }

    /// <summary>How the delta is measured; default absolute.</summary>
    public MinDeltaMode Form { get; init; }

    /// <summary>Whether it takes more than the delta; otherwise exactly as much will do, so that a value equal to the best counts; default
    /// true.</summary>
    public bool IsStrict { get; init; } = true;

    /// <summary>Whether, where the delta is 0, the loss decides between equal values; default true.</summary>
    public bool LossBreaksTies { get; init; } = true;

    /// <summary>Whether a value is an improvement; NaN never is.</summary>
    /// <param name="metric">The value.</param>
    /// <param name="best">The best so far; negative infinity before the first.</param>
    /// <param name="hasLowerLoss">Whether the loss is lower than that of the best.</param>
    internal bool Holds(double metric, double best, bool hasLowerLoss)
    {
        // Before the first value a relative delta would be infinite.
        double least = double.IsInfinity(best) ? best : best + (Form == MinDeltaMode.Relative ? Delta * Math.Abs(best) : Delta);
        return metric > least || (metric == least && (!IsStrict || (LossBreaksTies && Delta == 0 && hasLowerLoss)));
    }
}
