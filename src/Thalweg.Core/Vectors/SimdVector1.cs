using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>One element: the tail of every loop, and the whole loop where no vector instructions are to be had.</summary>
internal readonly unsafe struct SimdVector1<T>(T value) : ISimdVector<SimdVector1<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    /// <summary>The element.</summary>
    public T Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Load(T* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SimdVector1<T> value, T* target) => *target = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Splat(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> operator +(SimdVector1<T> a, SimdVector1<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> operator -(SimdVector1<T> a, SimdVector1<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> operator *(SimdVector1<T> a, SimdVector1<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> operator /(SimdVector1<T> a, SimdVector1<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Fma(SimdVector1<T> a, SimdVector1<T> b, SimdVector1<T> c) =>
        new(T.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Sqrt(SimdVector1<T> x) => new(T.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Round(SimdVector1<T> x) => new(T.Round(x._value, MidpointRounding.ToEven));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Less(SimdVector1<T> a, SimdVector1<T> b) => Mask(a._value < b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Equal(SimdVector1<T> a, SimdVector1<T> b) => Mask(a._value == b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Select(SimdVector1<T> mask, SimdVector1<T> yes, SimdVector1<T> no) => Bits(mask) != 0 ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> And(SimdVector1<T> a, SimdVector1<T> b) => FromBits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Or(SimdVector1<T> a, SimdVector1<T> b) => FromBits(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Xor(SimdVector1<T> a, SimdVector1<T> b) => FromBits(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> AtLeast(SimdVector1<T> x, SimdVector1<T> low) => x._value < low._value ? low : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> AtMost(SimdVector1<T> x, SimdVector1<T> high) => high._value < x._value ? high : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Scale(SimdVector1<T> p, SimdVector1<T> n)
    {
        SimdVector1<T> half = Round(n * SimdMath.Constant<SimdVector1<T>, T>(0.5));
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReduction>(TReduction reduction, SimdVector1<T> x)
        where TReduction : unmanaged, IReduction<T> => x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> PowerOfTwo(SimdVector1<T> n) => typeof(T) == typeof(float)
        ? FromBits((long)(int.CreateTruncating(n._value) + 127) << 23)
        : FromBits((long.CreateTruncating(n._value) + 1023) << 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector1<T> Split(SimdVector1<T> x, out SimdVector1<T> mantissa)
    {
        long bits = Bits(x);
        if (typeof(T) == typeof(float))
        {
            mantissa = FromBits((bits & 0x007F_FFFF) | 0x3F80_0000);
            return new(T.CreateTruncating((int)(bits >> 23) - 127));
        }

        mantissa = FromBits((bits & 0x000F_FFFF_FFFF_FFFFL) | 0x3FF0_0000_0000_0000L);
        return new(T.CreateTruncating((bits >> 52) - 1023));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SimdVector1<T> Mask(bool value) => FromBits(value ? -1L : 0L);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Bits(SimdVector1<T> x)
    {
        T value = x._value;
        return sizeof(T) == sizeof(float) ? Unsafe.As<T, int>(ref value) : Unsafe.As<T, long>(ref value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SimdVector1<T> FromBits(long bits)
    {
        int narrow = (int)bits;
        return sizeof(T) == sizeof(float) ? new(Unsafe.As<int, T>(ref narrow)) : new(Unsafe.As<long, T>(ref bits));
    }

    public static int TransposedColumns => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(T* source, nint sourceStride, T* target, nint targetStride) => *target = *source;
}
