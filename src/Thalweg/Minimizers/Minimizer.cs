namespace Thalweg.Minimizers;

/// <summary>Minimizes a function of a vector: a descent, which chooses directions, with a search, which chooses how far to go.</summary>
public abstract record Minimizer
{
    /// <summary>How far to go along a direction; default <see cref="LineSearch.StrongWolfe"/>.</summary>
    public LineSearch Search { get; init; } = LineSearch.StrongWolfe;

    /// <summary>Length that is tried first, or taken where there is no search, in units of the direction; above 0, default 1.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double LearningRate
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ThalwegException($"[minimizer] expected a finite learning rate above 0, got {value}; give another");
    } = 1;

    /// <summary>Most iterations of one call, 1 or more; default 1000.</summary>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public int MaximumIterations
    {
        get;
        init => field = value > 0 ? value : throw new ThalwegException($"[minimizer] expected 1 or more iterations, got {value}; give another number");
    } = 1000;

    /// <summary>Evaluations of one call after which no iteration begins; default null, 1.25 times the iterations.</summary>
    public int? MaximumEvaluations { get; init; }

    /// <summary>Largest absolute element of the gradient at which the point counts as a minimum; default 1e-8.</summary>
    public double GradientTolerance { get; init; } = 1e-8;

    /// <summary>Change of value or of elements, and slope along the direction, at which to stop; default 0: only where nothing changes.</summary>
    public double ChangeTolerance { get; init; }

    /// <summary>Minimizes a function in one call.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="start">Where to start, <c>[n]</c>.</param>
    public MinimizerResult Minimize(Objective objective, ReadOnlySpan<double> start) => Start(start).Advance(objective);

    /// <summary>Starts a run, whose calls go on from each other.</summary>
    /// <param name="start">Where to start, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The vector is empty or not finite; give another.</exception>
    public MinimizerRun Start(ReadOnlySpan<double> start)
    {
        if (start.IsEmpty || !VectorMath.IsFinite(start))
        {
            throw new ThalwegException($"[minimizer] expected a start of 1 or more finite numbers, got {(start.IsEmpty ? "none" : "some that are not finite")}; give another");
        }

        return new(this, Descent(start.Length), start);
    }

    /// <summary>What chooses the directions in one run.</summary>
    /// <param name="length">Number of variables.</param>
    internal abstract IDescent Descent(int length);
}

/// <summary>Chooses directions from the gradients that it has seen.</summary>
internal interface IDescent
{
    /// <summary>Takes note of a step and of how it changed the gradient.</summary>
    void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change);

    /// <summary>Writes the direction to take from a point with the given gradient.</summary>
    void Direct(ReadOnlySpan<double> gradient, Span<double> direction);
}
