using MathNet.Numerics;

namespace Thalweg.Tuning;

/// <summary>A density over the unit cube: a kernel around each of some points, and a wide one for the whole space.</summary>
/// <remarks>
/// A kernel is a product over the parameters: a normal density cut off at 0 and 1 and divided by what is left of it, its integral over the cell where values
/// are finitely many, and a table of probabilities for categorical parameters. Where the point of a kernel leaves a parameter out, the wide kernel's factor stands there; where
/// the point that is judged leaves it out, no factor: Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011, section 4; Falkner et al.,
/// "BOHB", ICML 2018 for products; widths after Watanabe, "Tree-structured Parzen estimator", 2023, section 3.3.
/// </remarks>
internal sealed class ParzenMixture
{
    /// <summary>Middle and width of the kernel for the whole space.</summary>
    private const double WideMiddle = 0.5, WideWidth = 1;

    private readonly UnitSpace _space;
    private readonly double[][] _points, _widths, _logNorms;
    private readonly double[][]?[] _logFactors;
    private readonly double[] _weights;
    private readonly double _otherShare;

    /// <param name="space">The space.</param>
    /// <param name="points">The points, as the space reads them.</param>
    /// <param name="isActive">Whether each point has each parameter.</param>
    /// <param name="weights">Weights of the points; that of the wide kernel is 1.</param>
    public ParzenMixture(UnitSpace space, double[][] points, bool[][] isActive, double[] weights)
    {
        _space = space;
        _points = [.. points.Zip(isActive).Select(pair => Masked(pair.First, pair.Second)), Wide()];
        double total = weights.Sum() + 1;
        _weights = [.. weights.Select(weight => weight / total), 1 / total];
        _otherShare = 1.0 / _points.Length;
        _widths = [.. _points.Select(point => new double[point.Length])];
        for (int d = 0; d < space.Count; d++)
            SetWidths(d);
        _logNorms = [.. _points.Select((point, kernel) => point.Select((_, d) => LogNorm(kernel, d)).ToArray())];
        _logFactors = [.. Enumerable.Range(0, space.Count).Select(d => space.IsContinuous(d) ? null : new double[_points.Length][])];
    }

    /// <summary>Draws a point.</summary>
    public (double[] Point, bool[] IsActive) Draw(ref RandomStream random)
    {
        double[] point = new double[_space.Count];
        bool[] isActive = new bool[_space.Count];
        int kernel = Pick(_weights, random.NextDouble());
        for (int d = 0; d < point.Length; d++)
            point[d] = Draw(kernel, d, ref random);
        _space.Snap(point, isActive);
        return (point, isActive);
    }

    /// <summary>Log of the density at a point.</summary>
    public double LogDensity(double[] point, bool[] isActive)
    {
        double[] logs = new double[_points.Length];
        double most = double.NegativeInfinity;
        for (int kernel = 0; kernel < logs.Length; kernel++)
        {
            double log = Math.Log(_weights[kernel]);
            for (int d = 0; d < point.Length; d++)
                log += isActive[d] ? LogFactor(kernel, d, point[d]) : 0;
            logs[kernel] = log;
            most = Math.Max(most, log);
        }

        return double.IsNegativeInfinity(most) ? most : most + Math.Log(logs.Sum(log => Math.Exp(log - most)));
    }

    /// <summary>Log of the part of a kernel that belongs to a parameter.</summary>
    private double LogFactor(int kernel, int d, double unit)
    {
        if (_logFactors[d] is not { } tables)
        {
            (double middle, double width) = Shape(kernel, d);
            double z = (unit - middle) / width;
            return (-0.5 * z * z) - _logNorms[kernel][d];
        }

        // The same few cells are asked for again and again, and error functions are slow.
        double[] table = tables[kernel] ??= [.. Enumerable.Range(0, _space.LevelsOf(d).Length).Select(level => LogProbability(kernel, d, level))];
        return table[_space.LevelAt(d, unit)];
    }

    private double LogProbability(int kernel, int d, int level)
    {
        double unit = _space.LevelsOf(d)[level], levels = _space.LevelsOf(d).Length;
        if (_space.IsCategorical(d))
        {
            double own = _points[kernel][d];
            return Math.Log(double.IsNaN(own) ? 1 / levels : ((unit == own ? 1 : 0) + _otherShare) / (1 + (levels * _otherShare)));
        }

        (double middle, double width) = Shape(kernel, d);
        (double low, double high) = _space.CellAt(d, unit);
        double inside = Cumulative((high - middle) / width) - Cumulative((low - middle) / width);
        return Math.Log((inside / (Cumulative((1 - middle) / width) - Cumulative(-middle / width))) + 1e-300);
    }

    private double LogNorm(int kernel, int d)
    {
        if (!_space.IsContinuous(d))
            return 0;
        (double middle, double width) = Shape(kernel, d);
        return Math.Log(Math.Sqrt(2 * Math.PI) * width * (Cumulative((1 - middle) / width) - Cumulative(-middle / width)));
    }

    /// <summary>Middle and width of a kernel; those of the wide one where its point leaves the parameter out.</summary>
    private (double Middle, double Width) Shape(int kernel, int d) =>
        double.IsNaN(_points[kernel][d]) ? (WideMiddle, WideWidth) : (_points[kernel][d], _widths[kernel][d]);

    private double Draw(int kernel, int d, ref RandomStream random)
    {
        if (_space.IsCategorical(d))
        {
            double middle = _points[kernel][d];
            int levels = _space.LevelsOf(d).Length;
            bool isOwn = !double.IsNaN(middle) && random.NextDouble() < 1 / (1 + (levels * _otherShare));
            return isOwn ? middle : (random.NextInt32(levels) + 0.5) / levels;
        }

        (double center, double width) = Shape(kernel, d);

        // The middle lies within the interval, so that at least a third of the draws of the widest kernel do.
        while (true)
        {
            double drawn = center + (width * random.NextNormal());
            if (drawn is >= 0 and <= 1)
                return drawn;
        }
    }

    /// <summary>The distance to the farther neighbor, at least 1 / min(100, points + 1) of the range, at most the range.</summary>
    private void SetWidths(int d)
    {
        int[] order = [.. Enumerable.Range(0, _points.Length - 1).Where(k => !double.IsNaN(_points[k][d])).OrderBy(k => _points[k][d])];
        double least = 1 / Math.Min(100.0, _points.Length + 1);
        for (int i = 0; i < order.Length; i++)
        {
            double at = _points[order[i]][d];
            double below = i > 0 ? at - _points[order[i - 1]][d] : order.Length > 1 ? 0 : at;
            double above = i + 1 < order.Length ? _points[order[i + 1]][d] - at : order.Length > 1 ? 0 : 1 - at;
            _widths[order[i]][d] = Math.Clamp(Math.Max(below, above), least, 1);
        }
    }

    private double[] Wide() => [.. Enumerable.Repeat(double.NaN, _space.Count)];

    private static double[] Masked(double[] point, bool[] isActive) => [.. point.Zip(isActive).Select(pair => pair.Second ? pair.First : double.NaN)];

    private static int Pick(double[] weights, double at)
    {
        for (int i = 0; i < weights.Length - 1; i++)
        {
            at -= weights[i];
            if (at < 0)
                return i;
        }

        return weights.Length - 1;
    }

    private static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);
}
