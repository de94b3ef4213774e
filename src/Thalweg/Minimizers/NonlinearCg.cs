namespace Thalweg.Minimizers;

/// <summary>How much of the last direction goes into the next: beta, with g the gradient, h the one before, y = g - h and d
/// the last direction.</summary>
public enum ConjugateGradientVariant
{
    /// <summary>max(0, g'y / h'h). Polak and Ribière 1969 with Powell's bound; Nocedal and Wright (2006), eq. (5.44) and (5.45).</summary>
    PolakRibierePlus,

    /// <summary>g'g / h'h. Fletcher and Reeves 1964; Nocedal and Wright (2006), eq. (5.41).</summary>
    FletcherReeves,

    /// <summary>g'y / d'y. Hestenes and Stiefel 1952; Nocedal and Wright (2006), eq. (5.46).</summary>
    HestenesStiefel,

    /// <summary>g'g / d'y. Dai and Yuan 1999; Nocedal and Wright (2006), eq. (5.49).</summary>
    DaiYuan,
}

/// <summary>Nonlinear conjugate gradients: the direction -g + beta d, d the direction before.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 5.4 and section 5.2; restarts: Powell 1977, eq. (5.52)
/// there.
/// Cost: 4 n multiplications for each iteration beside its evaluations; memory: 16 n doubles.
/// </remarks>
public sealed record NonlinearCg : LineMinimizer
{
    /// <summary>Polak and Ribière's form with the search of Moré and Thuente, to a tenth of the slope.</summary>
    public NonlinearCg() => (Search, SlopeShare) = (LineSearch.MoreThuente, 0.1);

    /// <summary>How beta is computed, default <see cref="ConjugateGradientVariant.PolakRibierePlus"/>.</summary>
    public ConjugateGradientVariant Form { get; init; }

    /// <summary>Iterations after which the direction is straight down again, 0 or more; default 0: as many as
    /// there are variables.</summary>
    /// <exception cref="ThalwegException">The number is below 0; give another.</exception>
    public int RestartEvery { get; init => field = AtLeast(0, value); }

    /// <summary>Share of g'g from which |g'h| makes the direction straight down again, above 0; default 0.2. A large
    /// number never does.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double RestartShare { get; init => field = AboveZero(value); } = 0.2;

    /// <inheritdoc/>
    public override string Formula => "d = -g + beta d, beta = " + Form switch
    {
        ConjugateGradientVariant.FletcherReeves => "g'g/h'h",
        ConjugateGradientVariant.HestenesStiefel => "g'y/d'y",
        ConjugateGradientVariant.DaiYuan => "g'g/d'y",
        _ => "max(0, g'y/h'h)",
    } + $", y = g - h, h the gradient before; beta = 0 every {(RestartEvery == 0 ? "n" : RestartEvery)} steps and where |g'h| >= " +
        $"{RestartShare} g'g; w = w + t d";

    /// <inheritdoc/>
    public override string Source => "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, algorithm 5.4, eq. (5.41) to (5.52)";

    /// <inheritdoc/>
    public override string Use => "many variables and little memory: three vectors in place of the pairs of lbfgs";

    /// <inheritdoc/>
    public override string IterationCost => "a search to a tenth of the slope: about two evaluations";

    /// <inheritdoc/>
    public override long StateLength(int variables) => (8L + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new NonlinearCgDescent(this, length);
}

/// <summary>Directions that remember the one before.</summary>
internal sealed class NonlinearCgDescent(NonlinearCg settings, int n) : IDescent
{
    private readonly double[] _gradient = new double[n], _direction = new double[n];
    private int _since = -1;

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        double[] gradient = current.Gradient;
        bool isDue = _since < 0 || _since + 1 >= (settings.RestartEvery > 0 ? settings.RestartEvery : n) ||
            Math.Abs(VectorMath.Dot(gradient, _gradient)) >= settings.RestartShare * VectorMath.Dot(gradient, gradient);
        double beta = isDue ? 0 : Beta(gradient);
        _since = isDue || !double.IsFinite(beta) ? 0 : _since + 1;
        for (int i = 0; i < n; i++)
            _direction[i] = (_since == 0 ? 0 : beta * _direction[i]) - gradient[i];

        gradient.CopyTo(_gradient, 0);
        _direction.CopyTo(direction);
    }

    /// <summary>The decrease of the step before is expected again: Nocedal and Wright (2006), eq. (3.60).</summary>
    public double FirstLength(in LineStart start)
    {
        double guess = -2 * start.LastFall / start.Slope;
        return start.IsFirst || !(guess > 0) || !double.IsFinite(guess) ? start.Cautious : guess;
    }

    public bool Restart()
    {
        bool hadDirection = _since > 0;
        _since = -1;
        return hadDirection;
    }

    public void Exchange(RunArchive archive)
    {
        archive.Vector("conjugate.gradient", _gradient);
        archive.Vector("conjugate.direction", _direction);
        archive.Count("since_restart", ref _since);
    }

    private double Beta(double[] gradient)
    {
        double before = VectorMath.Dot(_gradient, _gradient), now = VectorMath.Dot(gradient, gradient);
        double change = now - VectorMath.Dot(gradient, _gradient);
        double along = VectorMath.Dot(_direction, gradient) - VectorMath.Dot(_direction, _gradient);
        return settings.Form switch
        {
            ConjugateGradientVariant.FletcherReeves => now / before,
            ConjugateGradientVariant.HestenesStiefel => change / along,
            ConjugateGradientVariant.DaiYuan => now / along,
            _ => Math.Max(0, change / before),
        };
    }
}
