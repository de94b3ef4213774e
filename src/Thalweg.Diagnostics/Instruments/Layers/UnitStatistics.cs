using System.Numerics;

namespace Thalweg.Diagnostics;

/// <summary>Mean, variance, least and greatest value of each unit of a layer, in double.</summary>
public sealed class UnitStatistics
{
    private UnitStatistics(int units) =>
        (Means, Variances, Lows, Highs) = (new double[units], new double[units], new double[units], new double[units]);

    /// <summary>Mean of each unit.</summary>
    public double[] Means { get; }

    /// <summary>Variance of each unit, divided by the number of its values.</summary>
    public double[] Variances { get; }

    /// <summary>Least value of each unit.</summary>
    public double[] Lows { get; }

    /// <summary>Greatest value of each unit.</summary>
    public double[] Highs { get; }

    /// <summary>Mean of all values.</summary>
    public double Mean => Means.Average();

    /// <summary>Variance of all values, divided by their number.</summary>
    public double Variance
    {
        get
        {
            double mean = Mean;
            return Variances.Average() + Means.Average(unit => (unit - mean) * (unit - mean));
        }
    }

    /// <summary>Goes through the values once.</summary>
    /// <param name="layer">The layer.</param>
    internal static UnitStatistics Of(LayerOutput layer)
    {
        Tensor values = layer.Values;
        return values.DType == DType.Float32
            ? Of<float>(values.AsSpan<float>(), layer.Units, layer.Run, layer.Rows)
            : Of<double>(values.AsSpan<double>(), layer.Units, layer.Run, layer.Rows);
    }

    private static UnitStatistics Of<T>(ReadOnlySpan<T> values, int units, int run, int rows)
        where T : unmanaged, INumber<T>
    {
        UnitStatistics result = new(units);
        double[] first = new double[units], squares = result.Variances, sums = result.Means;
        for (int unit = 0; unit < units; unit++)
        {
            first[unit] = result.Lows[unit] = result.Highs[unit] = double.CreateTruncating(values[unit * run]);
        }

        // Against the first value of the unit, so that a mean far from 0 costs no digits.
        if (run == 1)
        {
            for (int start = 0; start < values.Length; start += units)
            {
                Row(values.Slice(start, units), result, first);
            }
        }
        else
        {
            for (int start = 0, unit = 0; start < values.Length; start += run, unit = unit + 1 == units ? 0 : unit + 1)
            {
                Stretch(values.Slice(start, run), result, first[unit], unit);
            }
        }

        for (int unit = 0; unit < units; unit++)
        {
            double mean = sums[unit] / rows;
            (squares[unit], sums[unit]) = (Math.Max(0, (squares[unit] / rows) - (mean * mean)), first[unit] + mean);
        }

        return result;
    }

    private static void Row<T>(ReadOnlySpan<T> row, UnitStatistics result, double[] first)
        where T : unmanaged, INumber<T>
    {
        double[] sums = result.Means, squares = result.Variances, lows = result.Lows, highs = result.Highs;
        for (int unit = 0; unit < row.Length; unit++)
        {
            double value = double.CreateTruncating(row[unit]), from = value - first[unit];
            sums[unit] += from;
            squares[unit] += from * from;
            lows[unit] = value < lows[unit] ? value : lows[unit];
            highs[unit] = value > highs[unit] ? value : highs[unit];
        }
    }

    private static void Stretch<T>(ReadOnlySpan<T> values, UnitStatistics result, double first, int unit)
        where T : unmanaged, INumber<T>
    {
        (double sum, double square, double low, double high) = (0, 0, result.Lows[unit], result.Highs[unit]);
        foreach (T each in values)
        {
            double value = double.CreateTruncating(each), from = value - first;
            sum += from;
            square += from * from;
            low = value < low ? value : low;
            high = value > high ? value : high;
        }

        result.Means[unit] += sum;
        result.Variances[unit] += square;
        (result.Lows[unit], result.Highs[unit]) = (low, high);
    }
}
