using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thalweg.Kernels;

/// <summary>512-bit vector.</summary>
internal readonly unsafe struct SimdVector512<T>(Vector512<T> value) : ISimdVector<SimdVector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    /// <summary>Whether this processor runs the vector in hardware, and the process has not forbidden it.</summary>
    public static bool IsAccelerated => Vector512.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SimdVector512<T> value, T* target) => Vector512.Store(value._value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Splat(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> operator +(SimdVector512<T> a, SimdVector512<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> operator -(SimdVector512<T> a, SimdVector512<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> operator *(SimdVector512<T> a, SimdVector512<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> operator /(SimdVector512<T> a, SimdVector512<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Fma(SimdVector512<T> a, SimdVector512<T> b, SimdVector512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Sqrt(SimdVector512<T> x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Round(SimdVector512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Round(x._value.AsSingle()).As<float, T>())
        : new(Vector512.Round(x._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Less(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Equal(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Select(SimdVector512<T> mask, SimdVector512<T> yes, SimdVector512<T> no) =>
        new(Vector512.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> And(SimdVector512<T> a, SimdVector512<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Or(SimdVector512<T> a, SimdVector512<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Xor(SimdVector512<T> a, SimdVector512<T> b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> AtLeast(SimdVector512<T> x, SimdVector512<T> low)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Max(low._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Avx512F.Max(low._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(x, low), low, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> AtMost(SimdVector512<T> x, SimdVector512<T> high)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Min(high._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Avx512F.Min(high._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(high, x), high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Scale(SimdVector512<T> p, SimdVector512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Scale(p._value.AsSingle(), n._value.AsSingle()).As<float, T>())
                : new(Avx512F.Scale(p._value.AsDouble(), n._value.AsDouble()).As<double, T>());
        }

        // Half of the power at a time: 2^n is no normal number at either end, and the last product rounds into the subnormals.
        SimdVector512<T> half = Round(n * SimdMath.Constant<SimdVector512<T>, T>(0.5));
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReduction>(TReduction reduction, SimdVector512<T> x)
        where TReduction : unmanaged, IReduction<T>
    {
        SimdVector256<T> lower = new(x._value.GetLower()), upper = new(x._value.GetUpper());
        return SimdVector256<T>.Fold(reduction, reduction.Combine(lower, upper));
    }

    // 1.5 * 2^23 (or 2^52) plus the biased exponent leaves that exponent in the lowest bits: one addition in place of a conversion to
    // integers, which 256-bit processors lack for 64 bits and which checks for overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> PowerOfTwo(SimdVector512<T> n) => typeof(T) == typeof(float)
        ? new(((n._value.AsSingle() + Vector512.Create(12582912f + 127f)).AsInt32() << 23).As<int, T>())
        : new(((n._value.AsDouble() + Vector512.Create(6755399441055744.0 + 1023.0)).AsInt64() << 52).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector512<T> Split(SimdVector512<T> x, out SimdVector512<T> mantissa)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<int> bits = x._value.AsInt32();
            mantissa = new(((bits & Vector512.Create(0x007F_FFFF)) | Vector512.Create(0x3F80_0000)).As<int, T>());
            return new(Vector512.ConvertToSingle((bits >> 23) - Vector512.Create(127)).As<float, T>());
        }
        else
        {
            Vector512<long> bits = x._value.AsInt64();
            mantissa = new(((bits & Vector512.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector512.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
            return new(Vector512.ConvertToDouble((bits >> 52) - Vector512.Create(1023L)).As<double, T>());
        }
    }

    public static int TransposedColumns => 16 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(T* source, nint sourceStride, T* target, nint targetStride) =>
        VectorTranspose.By512(source, sourceStride, target, targetStride);
}
