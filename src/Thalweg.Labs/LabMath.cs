namespace Thalweg.Labs;

/// <summary>Figures of experiments.</summary>
internal static class LabMath
{
    /// <summary>The slope of the straight line of least squares through the logarithms: the exponent b of y = a x^b.</summary>
    /// <param name="x">Positions, above 0: [points], 2 or more.</param>
    /// <param name="y">Values, above 0: [points]; those of 0 and below are left out.</param>
    public static double Exponent(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        (double X, double Y)[] points =
            [.. Enumerable.Range(0, x.Count).Where(i => x[i] > 0 && y[i] > 0).Select(i => (Math.Log(x[i]), Math.Log(y[i])))];
        double middleX = points.Average(point => point.X), middleY = points.Average(point => point.Y);
        return points.Sum(point => (point.X - middleX) * (point.Y - middleY))
            / points.Sum(point => (point.X - middleX) * (point.X - middleX));
    }

    /// <summary>Whole numbers from one to another at nearly equal ratios, each once.</summary>
    /// <param name="first">The first, 1 or more.</param>
    /// <param name="last">The last.</param>
    /// <param name="count">How many at most, 2 or more.</param>
    public static int[] Geometric(int first, int last, int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(i => (int)Math.Round(first * Math.Pow(last / (double)first, i / (count - 1.0)))).Distinct(),
    ];

    /// <summary>Distance of two points.</summary>
    public static double Distance(ReadOnlySpan<double> from, ReadOnlySpan<double> to)
    {
        double square = 0;
        for (int i = 0; i < from.Length; i++)
            square += (from[i] - to[i]) * (from[i] - to[i]);
        return Math.Sqrt(square);
    }

    /// <summary>Correlation of two rows of numbers, after Pearson; 0 where one does not vary.</summary>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double middleX = x.Average(), middleY = y.Average(), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            (double a, double b) = (x[i] - middleX, y[i] - middleY);
            (xy, xx, yy) = (xy + (a * b), xx + (a * a), yy + (b * b));
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }
}
