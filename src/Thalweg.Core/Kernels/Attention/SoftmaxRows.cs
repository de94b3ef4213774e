using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Softmax of rows filled up to whole granules of 16, in place, and its derivative.</summary>
/// <remarks>Sums: element i goes to partial total i mod 16 and a fixed tree combines the 16, so the bits do not depend on
/// the vector width.</remarks>
internal static unsafe class SoftmaxRows
{
    private const int Partials = 16;

    /// <summary>x = softmax(scale x) over the first <paramref name="count"/> elements of a row; the rest of it becomes 0.</summary>
    /// <remarks>A row without elements, or whose scores are all -∞, becomes 0; scores of ∞ share everything.</remarks>
    /// <param name="x">The row.</param>
    /// <param name="count">Scores that take part.</param>
    /// <param name="stride">Length of the row, filled up.</param>
    /// <param name="scale">Factor of the scores.</param>
    public static void Forward<T>(T* x, int count, int stride, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Forward(VectorWidths.Best, x, count, stride, scale);

    /// <summary>The same at a given vector width; the result does not depend on it.</summary>
    internal static void Forward<T>(VectorWidth width, T* x, int count, int stride, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int filled = AttentionWork<T>.Filled(count);
        new Span<T>(x + count, filled - count).Fill(T.NegativeInfinity);
        new Span<T>(x + filled, stride - filled).Clear();
        switch (width)
        {
            case VectorWidth.Bits512:
                Forward<SimdVector512<T>, T>(x, filled, scale);
                break;
            case VectorWidth.Bits256:
                Forward<SimdVector256<T>, T>(x, filled, scale);
                break;
            case VectorWidth.Bits128:
                Forward<SimdVector128<T>, T>(x, filled, scale);
                break;
            default:
                Forward<SimdVector1<T>, T>(x, filled, scale);
                break;
        }
    }

    /// <summary>g = scale p (g - sum p g) for one row of weights p and the cotangent g of them.</summary>
    /// <param name="p">Weights; 0 beyond those that take part.</param>
    /// <param name="g">Cotangent, finite up to the next granule.</param>
    /// <param name="count">Elements of the row.</param>
    /// <param name="scale">Factor of the scores.</param>
    public static void Backward<T>(T* p, T* g, int count, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Backward(VectorWidths.Best, p, g, count, scale);

    /// <summary>The same at a given vector width; the result does not depend on it.</summary>
    internal static void Backward<T>(VectorWidth width, T* p, T* g, int count, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int filled = AttentionWork<T>.Filled(count);
        switch (width)
        {
            case VectorWidth.Bits512:
                Backward<SimdVector512<T>, T>(p, g, filled, scale);
                break;
            case VectorWidth.Bits256:
                Backward<SimdVector256<T>, T>(p, g, filled, scale);
                break;
            case VectorWidth.Bits128:
                Backward<SimdVector128<T>, T>(p, g, filled, scale);
                break;
            default:
                Backward<SimdVector1<T>, T>(p, g, filled, scale);
                break;
        }
    }

    [MethodImpl(Drive.Loop)]
    private static void Forward<V, T>(T* x, int n, T scale)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* partials = stackalloc T[Partials];
        V factor = V.Splat(scale), largest = V.Splat(T.NegativeInfinity);
        for (int i = 0; i < n; i += V.Count)
        {
            V score = V.Load(x + i) * factor;
            V.Store(score, x + i);
            largest = SimdMath.Maximum<V, T>(largest, score);
        }

        for (int first = 0; first < Partials; first += V.Count)
            V.Store(largest, partials + first);
        T maximum = Combine<V, T, FindingMaximum<T>>(default, partials);
        if (T.IsNegativeInfinity(maximum))
        {
            new Span<T>(x, n).Clear();
            return;
        }

        if (T.IsPositiveInfinity(maximum))
        {
            LongRows.ShiftInfinite(x, x, n);
            maximum = T.Zero;
        }

        V shift = V.Splat(maximum);
        for (int first = 0; first < Partials; first += V.Count)
        {
            V total = V.Splat(T.Zero);
            for (int i = first; i < n; i += Partials)
            {
                V e = Exponential.Exp<V, T>(V.Load(x + i) - shift);
                V.Store(e, x + i);
                total += e;
            }

            V.Store(total, partials + first);
        }

        V share = V.Splat(T.One / Combine<V, T, Summing<T>>(default, partials));
        for (int i = 0; i < n; i += V.Count)
            V.Store(V.Load(x + i) * share, x + i);
    }

    [MethodImpl(Drive.Loop)]
    private static void Backward<V, T>(T* p, T* g, int n, T scale)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* partials = stackalloc T[Partials];
        for (int first = 0; first < Partials; first += V.Count)
        {
            V total = V.Splat(T.Zero);
            for (int i = first; i < n; i += Partials)
                total = V.Fma(V.Load(p + i), V.Load(g + i), total);
            V.Store(total, partials + first);
        }

        V mean = V.Splat(Combine<V, T, Summing<T>>(default, partials)), factor = V.Splat(scale);
        for (int i = 0; i < n; i += V.Count)
            V.Store(V.Load(p + i) * (V.Load(g + i) - mean) * factor, g + i);
    }

    /// <summary>The 16 partial totals by a binary tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Combine<V, T, TReduction>(TReduction reduction, T* partials)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        for (int half = Partials / 2; half >= V.Count; half /= 2)
        {
            for (int i = 0; i < half; i += V.Count)
                V.Store(reduction.Combine(V.Load(partials + i), V.Load(partials + half + i)), partials + i);
        }

        return V.Fold(reduction, V.Load(partials));
    }
}
