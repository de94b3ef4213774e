namespace Thalweg.Minimizers;

/// <summary>Which coordinate comes next.</summary>
public enum CoordinateOrder
{
    /// <summary>One after another. Wright (2015), section 3.</summary>
    Cyclic,

    /// <summary>Each drawn with equal chance, with returns. Wright (2015), algorithm 3.</summary>
    Random,

    /// <summary>That with the largest partial derivative: Gauss and Southwell's rule.</summary>
    Greedy,
}

/// <summary>Coordinate descent: each iteration goes along one coordinate.</summary>
/// <remarks>
/// Source: Wright, "Coordinate descent algorithms", Mathematical Programming 151, 2015, algorithm 1. The first length is that which the
/// curvature seen
/// when the coordinate was last taken asks for. Cost: two evaluations or so for each iteration, and a sweep has n of them: for few
/// variables, or
/// for functions that hardly couple them; memory: 17 n doubles.
/// </remarks>
public sealed record CoordinateDescent : LineMinimizer
{
    /// <summary>Coordinate descent with the search of Moré and Thuente, to a tenth of the slope.</summary>
    public CoordinateDescent() => (Search, SlopeShare) = (LineSearch.MoreThuente, 0.1);

    /// <summary>Which coordinate comes next, default <see cref="CoordinateOrder.Cyclic"/>.</summary>
    public CoordinateOrder Order { get; init; }

    /// <summary>Names the draws of <see cref="CoordinateOrder.Random"/>, 0 or more; default 1.</summary>
    /// <exception cref="ThalwegException">The number is below 0; give another.</exception>
    public int Seed { get; init => field = AtLeast(0, value); } = 1;

    /// <inheritdoc/>
    public override string Formula => "d = -g_i e_i, i " + Order switch
    {
        CoordinateOrder.Random => "drawn",
        CoordinateOrder.Greedy => "that of the largest |g_i|",
        _ => "1, 2, ..., n, 1, ...",
    } + "; w = w + t d";

    /// <inheritdoc/>
    public override string Source => "Wright: Coordinate descent algorithms, 2015, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "few variables, or functions that hardly couple them";

    /// <inheritdoc/>
    public override string IterationCost => "a search: about two evaluations";

    /// <inheritdoc/>
    public override long StateLength(int variables) => (9L + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new CoordinateDirections(this, length);
}

/// <summary>Directions along coordinates.</summary>
internal sealed class CoordinateDirections(CoordinateDescent settings, int n) : IDescent
{
    private readonly double[] _curvature = new double[n];
    private int _last = -1, _draws;

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change) =>
        _curvature[_last] = step[_last] == 0 ? 0 : change[_last] / step[_last];

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        _last = Next(current.Gradient);
        direction.Clear();
        direction[_last] = -current.Gradient[_last];
    }

    public double FirstLength(in LineStart start) =>
        _curvature[_last] > 0 && double.IsFinite(1 / _curvature[_last])
            ? 1 / _curvature[_last]
            : Math.Min(1, 1 / Math.Abs(start.Gradient[_last]));

    public bool Restart()
    {
        bool hadCurvature = _curvature[_last] != 0;
        _curvature[_last] = 0;
        return hadCurvature;
    }

    public void Exchange(RunArchive archive)
    {
        archive.Vector("curvature", _curvature);
        archive.Count("last", ref _last);
        archive.Count("draws", ref _draws);
    }

    /// <summary>Each draw is named by its number, so that a run that continues draws as one that never stopped.</summary>
    private int Draw() => new RandomStream((ulong)settings.Seed, RandomPurpose.Shuffle, (ulong)_draws++).NextInt32(n);

    /// <summary>The next coordinate along which the function is not level; there is one, or the run would have ended.</summary>
    private int Next(ReadOnlySpan<double> gradient)
    {
        if (settings.Order == CoordinateOrder.Greedy)
        {
            int steepest = 0;
            for (int i = 1; i < n; i++)
                steepest = Math.Abs(gradient[i]) > Math.Abs(gradient[steepest]) ? i : steepest;

            return steepest;
        }

        int next = settings.Order == CoordinateOrder.Random ? Draw() : (_last + 1) % n;
        while (gradient[next] == 0)
            next = (next + 1) % n;

        return next;
    }
}
