using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>The transforms of minimal filtering with six points along one axis; elements are vectors of channels.</summary>
/// <remarks>
/// F(4, 3) and F(2, 5) at the points 0, 1, -1, 1/2, -2 and infinity. Source: Winograd, "Arithmetic complexity of computations", 1980;
/// Lavin,
/// Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, section 4; points: Barabasz and others, "Error analysis and
/// improving
/// the accuracy of Winograd convolution", ACM TOMS 46(4), 2020. Measured: two thirds of the root mean square error, and a third of the
/// largest, of the usual points 0, 1, -1, 2, -2.
/// </remarks>
internal static unsafe class WinogradTransforms
{
    /// <summary>Six inputs to six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<V, T>(T* source, nint step, T* target, nint targetStep)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V d0 = V.Load(source), d1 = V.Load(source + step), d2 = V.Load(source + (2 * step));
        V d3 = V.Load(source + (3 * step)), d4 = V.Load(source + (4 * step)), d5 = V.Load(source + (5 * step));
        V odd = d3 - d1, even = d4 - d2;
        V.Store(V.Fma(Number<V, T>(1.5), odd, V.Fma(Number<V, T>(-2), d2, d0 + d4)), target);
        V.Store(V.Fma(Number<V, T>(2.5), d3, V.Fma(Number<V, T>(0.5), d2, d4 - d1)), target + targetStep);
        V.Store(V.Fma(Number<V, T>(0.5), d3, V.Fma(Number<V, T>(-2.5), d2, d4 + d1)), target + (2 * targetStep));
        V.Store(V.Fma(Number<V, T>(2), odd, even), target + (3 * targetStep));
        V.Store(V.Fma(Number<V, T>(-0.5), odd, even), target + (4 * targetStep));
        V.Store(V.Fma(Number<V, T>(1.5), even, V.Fma(Number<V, T>(-2), d3, d1 + d5)), target + (5 * targetStep));
    }

    /// <summary>Products at six points to <paramref name="size"/> results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V, T>(int size, T* source, nint step, T* target, nint targetStep)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V m1 = V.Load(source + step), m2 = V.Load(source + (2 * step)), m3 = V.Load(source + (3 * step)), m4 = V.Load(source + (4 * step));
        V sum = m1 + m2, difference = m1 - m2, last = V.Load(source + (5 * step));
        V second = V.Fma(Number<V, T>(-2), m4, V.Fma(Number<V, T>(0.5), m3, difference));
        V.Store(V.Load(source) + sum + (m3 + m4), target);
        if (size == 2)
        {
            V.Store(second + last, target + targetStep);
            return;
        }

        V.Store(second, target + targetStep);
        V.Store(V.Fma(Number<V, T>(4), m4, V.Fma(Number<V, T>(0.25), m3, sum)), target + (2 * targetStep));
        V.Store(V.Fma(Number<V, T>(-8), m4, V.Fma(Number<V, T>(0.125), m3, difference)) + last, target + (3 * targetStep));
    }

    /// <summary>The transpose of <see cref="Output"/>: cotangents of the results to six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cotangent<V, T>(int size, T* source, nint step, T* target, nint targetStep)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V g0 = V.Load(source), g1 = V.Load(source + step);
        V even = g0, odd = g1, half = V.Fma(Number<V, T>(0.5), g1, g0), two = V.Fma(Number<V, T>(-2), g1, g0), last = g1;
        if (size == 4)
        {
            V g2 = V.Load(source + (2 * step));
            last = V.Load(source + (3 * step));
            even += g2;
            odd += last;
            half = V.Fma(Number<V, T>(0.125), last, V.Fma(Number<V, T>(0.25), g2, half));
            two = V.Fma(Number<V, T>(-8), last, V.Fma(Number<V, T>(4), g2, two));
        }

        V.Store(g0, target);
        V.Store(even + odd, target + targetStep);
        V.Store(even - odd, target + (2 * targetStep));
        V.Store(half, target + (3 * targetStep));
        V.Store(two, target + (4 * targetStep));
        V.Store(last, target + (5 * targetStep));
    }

    /// <summary>Weights of a window to six points.</summary>
    public static void Weights<V, T>(int kernel, T* source, nint step, T* target, nint targetStep)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int point = 0; point < WinogradShape.Points; point++, target += targetStep)
        {
            V sum = V.Splat(T.Zero);
            for (int tap = 0; tap < kernel; tap++)
                sum = V.Fma(Number<V, T>(Factor(point, tap, kernel)), V.Load(source + (tap * step)), sum);
            V.Store(sum, target);
        }
    }

    /// <summary>The transpose of <see cref="Weights"/>: cotangents at six points to those of the weights.</summary>
    public static void WeightCotangents<V, T>(int kernel, T* source, nint step, T* target, nint targetStep)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int tap = 0; tap < kernel; tap++, target += targetStep)
        {
            V sum = V.Splat(T.Zero);
            for (int point = 0; point < WinogradShape.Points; point++)
                sum = V.Fma(Number<V, T>(Factor(point, tap, kernel)), V.Load(source + (point * step)), sum);
            V.Store(sum, target);
        }
    }

    /// <summary>Power of a point over the product of its distances to the others.</summary>
    private static double Factor(int point, int tap, int kernel) => point switch
    {
        0 => tap == 0 ? 1 : 0,
        1 => 1 / 3.0,
        2 => (tap % 2 == 0 ? -1 : 1) / 3.0,
        3 => -16 / (15.0 * (1 << tap)),
        4 => (tap % 2 == 0 ? 1 : -1) * (1 << tap) / 15.0,
        _ => tap == kernel - 1 ? 1 : 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Number<V, T>(double value)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Splat(T.CreateTruncating(value));
}
