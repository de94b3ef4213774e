using System.Globalization;

namespace Thalweg.Diagnosis;

/// <summary>An axis of values: linear, or logarithmic where positive values span several powers of ten.</summary>
internal sealed class ReportScale
{
    private const double ManyDecades = 300;

    private readonly double _low, _high;

    private ReportScale(double low, double high, bool isLog) => (_low, _high, IsLog) = (low, high, isLog);

    /// <summary>Whether it is logarithmic.</summary>
    public bool IsLog { get; }

    /// <summary>An axis for values; those that are not finite are left out.</summary>
    public static ReportScale Of(IEnumerable<double> values, bool fromZero = false)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new(0, 1, false);

        (double low, double high) = (finite.Min(), finite.Max());
        double[] positive = [.. finite.Where(value => value > 0)];
        if (low >= 0 && positive.Length > 0 && high / positive.Min() > ManyDecades)
            return new(Math.Log10(positive.Min()), Math.Log10(high), true);

        low = fromZero ? Math.Min(0, low) : low;
        return high > low ? new(low, high, false) : new(low - 0.5, high + 0.5, false);
    }

    /// <summary>Place of a value, 0 at the low end and 1 at the high one; NaN where it has none.</summary>
    public double At(double value)
    {
        if (double.IsPositiveInfinity(value))
            return 1;

        double on = IsLog ? value > 0 ? Math.Log10(value) : value == 0 ? _low : double.NaN : value;
        return double.IsNaN(on) ? double.NaN : Math.Clamp((on - _low) / (_high - _low), 0, 1);
    }

    /// <summary>The value at a place, in words.</summary>
    public string Label(double place)
    {
        double on = _low + (place * (_high - _low));
        return IsLog ? Math.Pow(10, on).ToString("0.#e+0", CultureInfo.InvariantCulture) : ReportNumbers.Figure(on);
    }
}
