namespace Thalweg.Minimizers;

/// <summary>How the parabola is minimized within the region of trust.</summary>
public enum TrustRegionVariant
{
    /// <summary>Conjugate gradients up to the boundary or to negative curvature, from products alone. Steihaug 1983; Nocedal and Wright
    /// (2006), algorithm 7.2.</summary>
    Steihaug,

    /// <summary>
    /// Straight down, then to the Newton point of the whole Hessian, shifted where it is not positive definite. Powell 1970; Nocedal and
    /// Wright (2006), eq. (4.16).
    /// </summary>
    Dogleg,

    /// <summary>To the minimum, from the eigenvalues of the whole Hessian. Moré and Sorensen 1983; Nocedal and Wright (2006), theorem
    /// 4.1, algorithm 4.3.</summary>
    Exact,
}

/// <summary>Steps of at most a radius, which grows where the parabola foretells the function well and shrinks where not.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 4.1. Cost: one evaluation for each iteration, and
/// Hessian products:
/// up to 2 n (Steihaug) for each, n for each new point otherwise; memory: 10 n doubles (Steihaug), 4 n^2 + 10 n otherwise.
/// </remarks>
public sealed record TrustRegion : Minimizer
{
    /// <summary>How the parabola is minimized within the region, default <see cref="TrustRegionVariant.Steihaug"/>.</summary>
    public TrustRegionVariant Form { get; init; }

    /// <summary>Radius of the first region, above 0, default 1.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double Radius { get; init => field = AboveZero(value); } = 1;

    /// <summary>Largest radius, above 0, default 1e10.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double MaximumRadius { get; init => field = AboveZero(value); } = 1e10;

    /// <inheritdoc/>
    public override string Formula => "s = argmin g's + s'Hs/2, |s| <= r" + Form switch
    {
        TrustRegionVariant.Dogleg => " on the path 0, -(g'g/g'Bg) g, -B^-1 g, B = H + alpha I",
        TrustRegionVariant.Exact => ": (H + mu I) s = -g",
        _ => " by conjugate gradients",
    } + "; w = w + s if the value falls; r = r/4 below 1/4 of the fall foretold, 2 r above 3/4 at the boundary";

    /// <inheritdoc/>
    public override string Source => "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, algorithms 4.1 and " + Form switch
    {
        TrustRegionVariant.Dogleg => "3.3, eq. (4.16)",
        TrustRegionVariant.Exact => "4.3",
        _ => "7.2",
    };

    /// <inheritdoc/>
    protected override string? Conflict =>
        Radius > MaximumRadius ? $"expected radius of at most maximum_radius {MaximumRadius}, got {Radius}; exchange them" : null;

    /// <inheritdoc/>
    public override string Use => "functions with negative curvature or bad scaling, where line searches creep; exact for few variables";

    /// <inheritdoc/>
    public override string IterationCost => Form switch
    {
        TrustRegionVariant.Steihaug => "one evaluation, Hessian products as the inner iteration needs",
        TrustRegionVariant.Dogleg => "one evaluation, n Hessian products at a new point, n^3/3 multiplications",
        _ => "one evaluation, n Hessian products at a new point, 9 n^3 multiplications",
    };

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((Form == TrustRegionVariant.Steihaug ? 0 : 4L * variables) + 10) * variables;

    /// <inheritdoc/>
    internal override IMinimizerLoop Loop(int length) => new TrustRegionLoop(this, length, Form switch
    {
        TrustRegionVariant.Dogleg => new DoglegRegion(),
        TrustRegionVariant.Exact => new ExactRegion(),
        _ => new SteihaugRegion(length),
    });
}

/// <summary>A parabola and its minimum within a radius.</summary>
internal interface IRegion
{
    /// <summary>Makes the parabola of a place.</summary>
    void Enter(CurrentPoint current);

    /// <summary>Writes the step; by how much the parabola falls.</summary>
    double Step(CurrentPoint current, double radius, Span<double> step);
}

/// <summary>Iterations within regions of trust.</summary>
internal sealed class TrustRegionLoop(TrustRegion settings, int variables, IRegion region) : IMinimizerLoop
{
    private readonly double[] _step = new double[variables], _trial = new double[variables], _gradient = new double[variables];
    private double _radius = settings.Radius;
    private Evaluator? _entered;

    public MinimizerStatus? Iterate(CurrentPoint current, IterationFlags turn)
    {
        if (_entered != current.Evaluator)
        {
            region.Enter(current);
            _entered = current.Evaluator;
        }

        double predicted = region.Step(current, _radius, _step);
        if (!(predicted > 0))
            return double.IsNaN(predicted) ? MinimizerStatus.NotFinite : MinimizerStatus.NoLowerPoint;

        current.Point.CopyTo(_trial, 0);
        VectorMath.Add(1, _step, _trial);
        double length = VectorMath.Norm(_step), before = current.Value;
        (double ratio, bool isTaken) = StepTest.Try(current, _trial, _gradient, predicted);
        _radius = ratio < 0.25 ? length / 4
            : ratio > 0.75 && length > 0.99 * _radius ? Math.Min(2 * _radius, settings.MaximumRadius) : _radius;
        if (!isTaken)
            return StepTest.IsLost(_step, current.Point) ? MinimizerStatus.NoLowerPoint : null;

        _entered = null;
        return StepTest.Ended(settings, current, _step, before - current.Value);
    }

    /// <summary>The parabola is made anew in each call.</summary>
    public void Exchange(RunArchive archive) => archive.Number("radius", ref _radius);
}
