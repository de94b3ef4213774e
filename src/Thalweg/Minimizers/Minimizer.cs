using Thalweg.Optimizers;

namespace Thalweg.Minimizers;

/// <summary>Minimizes a function of a vector: a descent, which chooses directions, with a search, which chooses how far to go.</summary>
/// <remarks>Settings change with <c>with</c>; the text form reads back (<see cref="Settings.Parse{TKind}"/>).</remarks>
public abstract record Minimizer : Described
{
    /// <summary>Most iterations of one call, 1 or more; default 1000.</summary>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public int MaximumIterations { get; init => field = AtLeast(1, value); } = 1000;

    /// <summary>Evaluations of one call after which no iteration begins, 0 or more; default 0: 1.25 times the iterations.</summary>
    /// <exception cref="ThalwegException">The number is below 0; give another.</exception>
    public int MaximumEvaluations { get; init => field = AtLeast(0, value); }

    /// <summary>Largest absolute element of the gradient at which the point counts as a minimum, 0 or more; default 1e-8.</summary>
    /// <exception cref="ThalwegException">The number is negative or not finite; give another.</exception>
    public double GradientTolerance { get; init => field = AtLeastZero(value); } = 1e-8;

    /// <summary>Change of value or of elements, and slope along the direction, at which to stop, 0 or more; default 0: only
    /// where nothing changes.</summary>
    /// <exception cref="ThalwegException">The number is negative or not finite; give another.</exception>
    public double ChangeTolerance { get; init => field = AtLeastZero(value); }

    /// <summary>Evaluations of one call after which no iteration begins.</summary>
    /// <remarks>The product with 5 is taken first: 1.25 n, rounded down, without rounding errors.</remarks>
    internal long EvaluationLimit => MaximumEvaluations > 0 ? MaximumEvaluations : 5L * MaximumIterations / 4;

    /// <summary>What an iteration costs, in a few words: an evaluation gives value and gradient.</summary>
    public abstract string IterationCost { get; }

    /// <summary>Doubles that a run holds at most, beside what the function itself needs.</summary>
    /// <param name="variables">Number of variables n, 1 or more.</param>
    public abstract long StateLength(int variables);

    /// <summary>Minimizes a function in one call.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="start">Where to start, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The start is empty or not finite, or too long for the method's memory.</exception>
    public MinimizerResult Minimize(Objective objective, ReadOnlySpan<double> start) => Start(start).Advance(objective);

    /// <summary>Minimizes a function in one call.</summary>
    /// <param name="function">The function.</param>
    /// <param name="start">Where to start, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The start is empty or not finite, or too long for the method's memory; or the function lacks
    /// what the method needs.</exception>
    public MinimizerResult Minimize(ObjectiveFunction function, ReadOnlySpan<double> start) => Start(start).Advance(function);

    /// <summary>Starts a run, whose calls continue from each other.</summary>
    /// <param name="start">Where to start, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The vector is empty or not finite, or too long for the method's memory; give another, or
    /// take another method.</exception>
    public MinimizerRun Start(ReadOnlySpan<double> start)
    {
        if (start.IsEmpty || !VectorMath.IsFinite(start))
        {
            throw new ThalwegException("[minimizer] expected a start of 1 or more finite numbers, got " +
                $"{(start.IsEmpty ? "none" : "some that are not finite")}; give another");
        }

        RefuseConflict();
        long bytes = StateLength(start.Length) * sizeof(double), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new ThalwegException(
                $"[minimizer] expected variables that {Settings.NameOf(GetType())} can hold in {available >> 20} MiB, got " +
                $"{start.Length}, which need {bytes >> 20} MiB; " +
                "take lbfgs, newton_cg or nonlinear_cg");
        }

        return new(this, Loop(start.Length), start);
    }

    /// <summary>Goes on with a saved run: further calls give the bits that the run itself would have given.</summary>
    /// <param name="slots">What <see cref="MinimizerRun.Slots"/> gave; copied.</param>
    /// <exception cref="ThalwegException">Something is missing, not known, or of another size: the state belongs to another
    /// method or function.</exception>
    public MinimizerRun Resume(IReadOnlyList<StateSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        double[] point = slots.FirstOrDefault(slot => slot.Name == MinimizerRun.PointName)?.Values.ToArray<double>() ?? [];
        MinimizerRun run = Start(point);
        run.Restore(slots);
        return run;
    }

    /// <summary>What makes the iterations of one run.</summary>
    /// <param name="length">Number of variables.</param>
    internal abstract IMinimizerLoop Loop(int length);
}

/// <summary>A minimizer that goes along directions.</summary>
public abstract record LineMinimizer : Minimizer
{
    /// <summary>How far to go along a direction; default <see cref="LineSearch.StrongWolfe"/> unless the method says otherwise.</summary>
    public LineSearch Search { get; init; } = LineSearch.StrongWolfe;

    /// <summary>Length that is tried first, or taken where there is no search, in units of the direction; above 0, default 1.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double LearningRate { get; init => field = AboveZero(value); } = 1;

    /// <summary>Share of the first slope to which a Wolfe search brings the slope down, dimensionless, in (1e-4, 1); default 0.9 unless
    /// the method says otherwise.</summary>
    /// <exception cref="ThalwegException">The number is out of range; give another.</exception>
    public double SlopeShare
    {
        get;
        init => field = value is > 1e-4 and < 1 ? value : throw Refused(nameof(SlopeShare), "in (1e-4, 1)", value);
    } = 0.9;

    /// <summary>Points that a search holds at most, each with a gradient.</summary>
    private protected static int SearchPoints => 4;

    /// <inheritdoc/>
    internal sealed override IMinimizerLoop Loop(int length) => new LineSearchLoop(this, Descent(length), length);

    /// <summary>What chooses the directions in one run.</summary>
    /// <param name="length">Number of variables.</param>
    internal abstract IDescent Descent(int length);
}

/// <summary>Makes the iterations of a run.</summary>
internal interface IMinimizerLoop
{
    /// <summary>Moves a place on; the status if the run ends there, null if it continues.</summary>
    MinimizerStatus? Iterate(CurrentPoint current, IterationFlags turn);

    /// <summary>Names all that one call leaves to the next, beside the point.</summary>
    void Exchange(RunArchive archive);
}

/// <summary>Which iteration it is.</summary>
/// <param name="IsFirst">Whether it is the first of the run.</param>
/// <param name="IsLast">Whether it is the last of the call.</param>
internal readonly record struct IterationFlags(bool IsFirst, bool IsLast);

/// <summary>Chooses directions.</summary>
internal interface IDescent
{
    /// <summary>Takes note of a step and of how it changed the gradient.</summary>
    void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change);

    /// <summary>Writes the direction to take from a place.</summary>
    void Direct(CurrentPoint current, Span<double> direction);

    /// <summary>Length to try first along the direction.</summary>
    double FirstLength(in LineStart start);

    /// <summary>Forgets what was learned, because it misled; whether there was anything to forget.</summary>
    bool Restart();

    /// <summary>Names all that one direction leaves to the next.</summary>
    void Exchange(RunArchive archive);
}

/// <summary>What is known before a line search.</summary>
/// <param name="IsFirst">Whether it is the first of the run.</param>
/// <param name="Slope">Derivative along the direction.</param>
/// <param name="LastFall">By how much the value fell in the step before; 0 where there was none.</param>
/// <param name="Gradient">The gradient.</param>
internal readonly ref struct LineStart(bool IsFirst, double Slope, double LastFall, ReadOnlySpan<double> Gradient)
{
    public bool IsFirst { get; } = IsFirst;

    public double Slope { get; } = Slope;

    public double LastFall { get; } = LastFall;

    public ReadOnlySpan<double> Gradient { get; } = Gradient;

    /// <summary>A gradient alone says nothing of the scale: no element sum of the first step exceeds 1.</summary>
    public double Cautious => Math.Min(1, 1 / VectorMath.SumOfMagnitudes(Gradient));
}
