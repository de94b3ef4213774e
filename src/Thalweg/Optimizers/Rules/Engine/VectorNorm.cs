using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Norms of a flat vector, summed in an order that depends on its length alone.</summary>
internal static unsafe class VectorNorm
{
    /// <summary>The norm (sum of |x|^p)^(1/p) of <paramref name="n"/> elements; the largest |x| for infinite p.</summary>
    public static double Of<T>(T* x, nint n, double order = 2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => order switch
        {
            2 => Euclidean(x, n),
            1 => Absolute(x, n),
            double.PositiveInfinity =>
                n == 0 ? 0 : double.CreateTruncating(BlockReduction.Run(VectorWidths.Best, default(FindingLargest<T>), x, x, n)),
            _ => Power(x, n, order),
        };

    private static double Absolute<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = double.CreateTruncating(BlockReduction.Run(VectorWidths.Best, default(SummingAbsolutes<T>), x, x, n));
        return double.IsInfinity(sum) ? Scaled(x, n, 1) : sum;
    }

    private static double Euclidean<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = double.CreateTruncating(Reduce.SumOfSquares(x, n));
        // A cliff may well throw a gradient whose squares overflow, which clipping should still bring back.
        return SquareRange.Holds<T>(sum) ? Math.Sqrt(sum) : Scaled(x, n, 2);
    }

    private static double Power<T>(T* x, nint n, double order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
            sum += Math.Pow(Math.Abs(double.CreateTruncating(x[i])), order);
        return SquareRange.Holds<double>(sum) ? Math.Pow(sum, 1 / order) : Scaled(x, n, order);
    }

    /// <summary>The norm by way of that of x over its largest element.</summary>
    private static double Scaled<T>(T* x, nint n, double order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = Of(x, n, double.PositiveInfinity), sum = 0;
        if (largest == 0 || !double.IsFinite(largest))
            return largest;
        for (nint i = 0; i < n; i++)
        {
            double share = Math.Abs(double.CreateTruncating(x[i]) / largest);
            sum += order == 2 ? share * share : Math.Pow(share, order);
        }

        return largest * Math.Pow(sum, 1 / order);
    }
}

/// <summary>Sum of |a|.</summary>
internal readonly unsafe struct SummingAbsolutes<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => totals + SimdMath.Abs<V, T>(V.Load(a + i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Largest |a|; NaN if any is.</summary>
internal readonly unsafe struct FindingLargest<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Maximum<V, T>(totals, SimdMath.Abs<V, T>(V.Load(a + i)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Maximum<V, T>(left, right);
}
