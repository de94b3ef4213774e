using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>The Euclidean norm of a flat vector.</summary>
internal static unsafe class GlobalNorm
{
    /// <summary>sqrt of the sum of squares of <paramref name="n"/> elements, in an order that depends on n alone.</summary>
    public static double Of<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = double.CreateTruncating(Reduce.SumOfSquares(x, n));
        // Floats square to infinity from 1.8e19 on, where a cliff may well throw a gradient that clipping should still bring back.
        return Math.Sqrt(double.IsInfinity(sum) ? SumInDouble(x, n) : sum);
    }

    private static double SumInDouble<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
        {
            double value = double.CreateTruncating(x[i]);
            sum += value * value;
        }

        return sum;
    }
}
