using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Small building blocks of element functions.</summary>
internal static class SimdMath
{
    /// <summary>All elements equal to a constant, rounded to the element type.</summary>
    /// <remarks>The JIT folds it for both types; the conversions of generic math take too much of its inlining budget.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Constant<V, T>(double value)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Splat(Number<T>(value));

    /// <summary>A constant, rounded to the element type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Number<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);

    /// <summary>The lowest finite number of the type; its negative is the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Lowest<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(float.MinValue) : Unsafe.BitCast<double, T>(double.MinValue);

    /// <summary>The sign bit of x alone: 0 or -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SignBit<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.And(x, Constant<V, T>(-0.0));

    /// <summary>|x|; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Abs<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Xor(x, SignBit<V, T>(x));

    /// <summary>-x; the sign of zero and NaN changes too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Negate<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Xor(x, Constant<V, T>(-0.0));

    /// <summary>The larger of the two; NaN if either is; of two zeros the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Maximum<V, T>(V a, V b)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.Equal(b, b), V.Select(V.Less(a, b), b, a), b);

    /// <summary>The smaller of the two; NaN if either is; of two zeros the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Minimum<V, T>(V a, V b)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.Equal(b, b), V.Select(V.Less(b, a), b, a), b);

    /// <summary>x limited to at least <paramref name="low"/>; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AtLeast<V, T>(V x, V low)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.AtLeast(x, low);

    /// <summary>x limited to at most <paramref name="high"/>; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AtMost<V, T>(V x, V high)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.AtMost(x, high);
}
