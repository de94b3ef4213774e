using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Numbers that are normalized together: runs of numbers side by side, at equal distances.</summary>
/// <param name="start">The first number.</param>
/// <param name="count">Runs.</param>
/// <param name="stride">From one run to the next.</param>
/// <param name="length">Numbers of a run.</param>
internal readonly unsafe struct NumberRuns<T>(T* start, nint count, nint stride, nint length)
    where T : unmanaged
{
    /// <summary>The first number.</summary>
    public readonly T* Start = start;

    /// <summary>How many there are.</summary>
    public readonly nint Total = count * length;

    private readonly nint _stride = stride, _length = length;

    /// <summary>Where number k lies, from the first.</summary>
    public nint At(nint k) => (k / _length * _stride) + (k % _length);
}

/// <summary>The moments of numbers whose squares leave the range of the type: in double, of the numbers scaled by a power of two.</summary>
/// <remarks>One number at a time: kernels come here only for what their sums cannot hold, such as 1e20 in float.</remarks>
internal readonly unsafe struct WideRange<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _exponent;
    private readonly double _pivot, _shift, _inverse, _variance;

    private WideRange(in NumberRuns<T> x, double largest, bool centered, double epsilon)
    {
        // Epsilon takes part in the choice of the power, so that neither it nor a square overflows.
        _exponent = Math.Max(Math.Max(Math.ILogB(largest), Math.ILogB(epsilon) / 2), -1100);
        _pivot = centered ? Scaled(*x.Start) : 0;
        double sum = 0, squares = 0;
        for (nint k = 0; k < x.Total; k++)
            sum += Scaled(x.Start[x.At(k)]) - _pivot;
        _shift = centered ? sum / x.Total : 0;
        for (nint k = 0; k < x.Total; k++)
        {
            double deviation = Scaled(x.Start[x.At(k)]) - _pivot - _shift;
            squares += deviation * deviation;
        }

        _variance = squares / x.Total;
        _inverse = 1 / Math.Sqrt(_variance + Math.ScaleB(epsilon, -2 * _exponent));
    }

    /// <summary>Mean, and what its rounding takes from it.</summary>
    public (T Rounded, T Lost) Mean
    {
        get
        {
            double mean = CompensatedSum.Of(_pivot, _shift, out double rest);
            T rounded = T.CreateTruncating(Math.ScaleB(mean, _exponent));
            return (rounded, T.CreateTruncating(Math.ScaleB(mean, _exponent) - double.CreateTruncating(rounded) +
                Math.ScaleB(rest, _exponent)));
        }
    }

    /// <summary>Biased variance.</summary>
    public T Variance => T.CreateTruncating(Math.ScaleB(_variance, 2 * _exponent));

    /// <summary>Reciprocal deviation, of variance + epsilon.</summary>
    public double Inverse => Math.ScaleB(_inverse, -_exponent);

    /// <summary>Whether variance + epsilon is far enough from the ends of the range for sums of squares in the type.</summary>
    public static bool Holds(T variance) => SquareRange.Holds<T>(double.CreateTruncating(variance));

    /// <summary>Whether a reciprocal deviation comes from such a sum.</summary>
    public static bool HoldsInverse(T inverse)
    {
        double deviation = 1 / double.CreateTruncating(inverse);
        return SquareRange.Holds<T>(deviation * deviation);
    }

    /// <summary>The moments of finite numbers; false where one is not finite, for then no moment is.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="centered">Whether the mean is taken out.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="moments">The moments.</param>
    public static bool TryMeasure(in NumberRuns<T> x, bool centered, double epsilon, out WideRange<T> moments)
    {
        double largest = 0;
        moments = default;
        for (nint k = 0; k < x.Total; k++)
        {
            double size = Math.Abs(double.CreateTruncating(x.Start[x.At(k)]));
            if (!double.IsFinite(size))
                return false;
            largest = Math.Max(largest, size);
        }

        moments = new(x, largest, centered, epsilon);
        return true;
    }

    /// <summary>(x - mean) / deviation.</summary>
    public double Normalize(T x) => (Scaled(x) - _pivot - _shift) * _inverse;

    private double Scaled(T x) => Math.ScaleB(double.CreateTruncating(x), -_exponent);
}
