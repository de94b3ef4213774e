namespace Thalweg.Tuning;

/// <summary>Looks for the point with the greatest expected improvement.</summary>
/// <remarks>Random points of the whole space and around the best trials; then from the best of them turns of gradient steps over the inputs that are a
/// continuum, and of trying values of the others one by one.</remarks>
internal sealed class ImprovementSearch
{
    private const int Everywhere = 600, Nearby = 300, Starts = 6, Rounds = 3, GradientEvaluations = 40, MostTried = 24;

    private readonly UnitSpace _space;
    private readonly GaussianModel _model;
    private readonly bool[] _isActive;
    private readonly (double[] Low, double[] High) _region;

    public ImprovementSearch(UnitSpace space, GaussianModel model, (double[] Low, double[] High) region)
    {
        (_space, _model, _region) = (space, model, region);
        _isActive = new bool[space.Count];
    }

    /// <summary>The point.</summary>
    /// <param name="known">Trials, best first; none of them is proposed again while there is another point.</param>
    /// <param name="random">Random numbers.</param>
    public double[] Best(IReadOnlyList<double[]> known, RandomStream random)
    {
        List<(double[] Point, double Value)> candidates = [];
        for (int i = 0; i < Everywhere + Nearby; i++)
        {
            double[] point = i < Everywhere ? Anywhere(ref random) : Near(known[i % Math.Min(known.Count, 3)], ref random);
            _space.Snap(point, _isActive);
            candidates.Add((point, _model.LogImprovementAt(point, [])));
        }

        foreach (double[] good in known.Take(2))
            candidates.Add(((double[])good.Clone(), _model.LogImprovementAt(good, [])));
        List<(double[] Point, double Value)> starts = Distinct(candidates.OrderByDescending(candidate => candidate.Value), Starts);
        List<(double[] Point, double Value)> improved = [.. starts.Select(start => Improve(start.Point, start.Value))];
        IEnumerable<(double[] Point, double Value)> ranked = improved.Concat(candidates).OrderByDescending(candidate => candidate.Value);
        return ranked.Select(candidate => candidate.Point).FirstOrDefault(point => !known.Any(other => point.AsSpan().SequenceEqual(other)))
            ?? improved[0].Point;
    }

    private double[] Anywhere(ref RandomStream random)
    {
        double[] point = new double[_space.Count];
        for (int d = 0; d < point.Length; d++)
            point[d] = _space.IsCategorical(d) ? random.NextDouble() : random.NextDouble(_region.Low[d], _region.High[d]);
        return point;
    }

    /// <summary>A trial with some of its inputs changed.</summary>
    private double[] Near(double[] trial, ref RandomStream random)
    {
        double[] point = (double[])trial.Clone();
        double share = Math.Max(1.5 / point.Length, 0.3), width = Math.Pow(10, random.NextDouble(-2, -0.5));
        for (int d = 0; d < point.Length; d++)
        {
            if (point[d] < 0)
                point[d] = random.NextDouble();
            else if (random.NextDouble() < share)
                point[d] = _space.IsCategorical(d) ? random.NextDouble() : point[d] + (width * random.NextNormal());
        }

        return point;
    }

    private static List<(double[] Point, double Value)> Distinct(IEnumerable<(double[] Point, double Value)> ranked, int count)
    {
        List<(double[] Point, double Value)> chosen = [];
        foreach ((double[] Point, double Value) candidate in ranked)
        {
            if (!chosen.Any(other => candidate.Point.Zip(other.Point).Sum(pair => Math.Abs(pair.First - pair.Second)) < 0.02))
                chosen.Add(candidate);
            if (chosen.Count == count)
                break;
        }

        return chosen;
    }

    private (double[] Point, double Value) Improve(double[] start, double startValue)
    {
        double[] point = (double[])start.Clone();
        double value = startValue;
        for (int round = 0; round < Rounds; round++)
        {
            double before = value;
            value = Climb(point, value);
            value = TryLevels(point, value);
            if (value - before < 1e-4)
                break;
        }

        return (point, value);
    }

    private double Climb(double[] point, double value)
    {
        double[] copy = (double[])point.Clone(), low = (double[])point.Clone(), high = (double[])point.Clone();
        _space.Snap(copy, _isActive);
        bool hasFree = false;
        for (int d = 0; d < point.Length; d++)
        {
            if (_isActive[d] && _space.IsContinuous(d))
            {
                (low[d], high[d]) = (Math.Min(_region.Low[d], point[d]), Math.Max(_region.High[d], point[d]));
                hasFree = true;
            }
        }

        if (!hasFree)
            return value;
        double improved = -BoxMinimizer.Minimize(Negative, copy, low, high, GradientEvaluations);
        if (!(improved > value))
            return value;
        copy.CopyTo(point, 0);
        return improved;
    }

    private double Negative(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double value = _model.LogImprovementAt(point, gradient);
        for (int d = 0; d < gradient.Length; d++)
            gradient[d] = -gradient[d];
        return -value;
    }

    private double TryLevels(double[] point, double value)
    {
        for (int d = 0; d < point.Length; d++)
        {
            if (_space.IsContinuous(d) || point[d] < 0)
                continue;
            foreach (double level in Tried(d, point[d]))
            {
                double[] other = (double[])point.Clone();
                other[d] = level;
                for (int i = 0; i < other.Length; i++)
                    other[i] = other[i] < 0 ? 0.5 : other[i];
                _space.Snap(other, _isActive);
                double otherValue = _model.LogImprovementAt(other, []);
                if (otherValue > value)
                {
                    other.CopyTo(point, 0);
                    value = otherValue;
                }
            }
        }

        return value;
    }

    /// <summary>All levels, or where they are many the nearest and some of the others.</summary>
    private List<double> Tried(int index, double at)
    {
        ReadOnlySpan<double> levels = _space.LevelsOf(index);
        List<double> tried = [];
        int near = levels.BinarySearch(at), step = Math.Max(1, levels.Length / MostTried);
        near = near < 0 ? ~near : near;
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] != at && (i % step == 0 || Math.Abs(i - near) <= 4))
                tried.Add(levels[i]);
        }

        return tried;
    }
}
