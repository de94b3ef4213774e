namespace Thalweg.Diagnostics;

/// <summary>Counts of values in bins of equal width.</summary>
/// <param name="low">Least value.</param>
/// <param name="high">Greatest value.</param>
/// <param name="counts">Counts by bin.</param>
public sealed class Histogram(double low, double high, long[] counts)
{
    /// <summary>Least value.</summary>
    public double Low => low;

    /// <summary>Greatest value.</summary>
    public double High => high;

    /// <summary>Counts by bin.</summary>
    public IReadOnlyList<long> Counts => counts;

    /// <summary>Counts the values of a tensor.</summary>
    /// <param name="values">The values, of any shape, in memory one after another.</param>
    /// <param name="bins">Number of bins, 2 or more.</param>
    /// <param name="most">Of more values as many, evenly chosen.</param>
    public static Histogram Of(Tensor values, int bins, int most)
    {
        ArgumentNullException.ThrowIfNull(values);
        long length = values.Length;
        int count = (int)Math.Min(length, most);
        double[] chosen = new double[count];
        FlatReader reader = new(values);
        for (int i = 0; i < count; i++)
        {
            chosen[i] = reader[i * length / count];
        }

        return Of(chosen, bins);
    }

    /// <summary>Counts values.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="bins">Number of bins, 2 or more.</param>
    public static Histogram Of(ReadOnlySpan<double> values, int bins)
    {
        (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
                (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        long[] counts = new long[bins];
        double perBin = greatest > least ? bins / (greatest - least) : 0;
        foreach (double value in values)
        {
            if (double.IsFinite(value))
                counts[Math.Min(bins - 1, (int)((value - least) * perBin))]++;
        }

        return new Histogram(least, greatest, counts);
    }

    /// <summary>Least and greatest value, then the counts.</summary>
    internal double[] ToSeries() => [low, high, .. counts.Select(count => (double)count)];
}
