using System.Runtime.CompilerServices;
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
        double[] chosen = new double[(int)Math.Min(values.Length, most)];
        if (values.DType == DType.Float32)
            Choose(values.AsSpan<float>(), chosen);
        else
            Choose(values.AsSpan<double>(), chosen);

        return Of(chosen, bins);
    }

    /// <summary>Counts values.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="bins">Number of bins, 2 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Histogram Of(ReadOnlySpan<double> values, int bins)
    {
        (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
        {
            // Of what is not finite neither is true.
            least = value < least && value > double.NegativeInfinity ? value : least;
            greatest = value > greatest && value < double.PositiveInfinity ? value : greatest;
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

    /// <summary>Work of choosing and counting values one by one, each of which takes as long as some hundred multiply-adds of a kernel.</summary>
    internal static InstrumentWork Work(double values, int histograms) => new(500 * values, 0, 2 * histograms);

    /// <summary>Least and greatest value, then the counts.</summary>
    internal double[] ToSeries() => [low, high, .. counts.Select(count => (double)count)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Choose<T>(ReadOnlySpan<T> values, double[] chosen)
        where T : unmanaged
    {
        EvenChoice choice = new(values.Length, Math.Max(1, chosen.Length));
        for (int i = 0; i < chosen.Length; i++, choice.Next())
            chosen[i] = FlatMath.Load1(values, (int)choice.At);
    }
}
