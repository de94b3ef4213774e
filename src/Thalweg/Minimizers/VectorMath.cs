using Thalweg.Kernels;

namespace Thalweg.Minimizers;

/// <summary>Sums over vectors, from the first element to the last: the same for any machine.</summary>
internal static class VectorMath
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];

        return sum;
    }

    /// <summary>y = y + scale x.</summary>
    public static void Add(double scale, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] += scale * x[i];
    }

    /// <summary>The Euclidean norm, also of numbers whose squares leave the range of double.</summary>
    public static double Norm(ReadOnlySpan<double> x)
    {
        double square = Dot(x, x), largest = SquareRange.Holds<double>(square) ? 1 : Maximum(x), sum = 0;
        if (largest == 1 || largest == 0 || !double.IsFinite(largest))
            return Math.Sqrt(square);

        foreach (double element in x)
            sum += element / largest * (element / largest);

        return largest * Math.Sqrt(sum);
    }

    /// <summary>y = scale x.</summary>
    public static void Scale(double scale, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = scale * x[i];
    }

    public static double Maximum(ReadOnlySpan<double> x)
    {
        double most = 0;
        foreach (double value in x)
            most = Math.Max(most, Math.Abs(value));

        return most;
    }

    public static double SumOfMagnitudes(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double value in x)
            sum += Math.Abs(value);

        return sum;
    }

    public static bool IsFinite(ReadOnlySpan<double> x)
    {
        foreach (double value in x)
        {
            if (!double.IsFinite(value))
                return false;
        }

        return true;
    }
}
