using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thalweg.Kernels;

/// <summary>256-bit vector.</summary>
internal readonly unsafe struct SimdVector256<T>(Vector256<T> value) : ISimdVector<SimdVector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    /// <summary>Whether this processor runs the vector in hardware, and the process has not forbidden it.</summary>
    public static bool IsAccelerated => Vector256.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SimdVector256<T> value, T* target) => Vector256.Store(value._value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Splat(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> operator +(SimdVector256<T> a, SimdVector256<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> operator -(SimdVector256<T> a, SimdVector256<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> operator *(SimdVector256<T> a, SimdVector256<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> operator /(SimdVector256<T> a, SimdVector256<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Fma(SimdVector256<T> a, SimdVector256<T> b, SimdVector256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Sqrt(SimdVector256<T> x) => new(Vector256.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Round(SimdVector256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Round(x._value.AsSingle()).As<float, T>())
        : new(Vector256.Round(x._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Less(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Equal(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Select(SimdVector256<T> mask, SimdVector256<T> yes, SimdVector256<T> no) =>
        new(Vector256.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> And(SimdVector256<T> a, SimdVector256<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Or(SimdVector256<T> a, SimdVector256<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Xor(SimdVector256<T> a, SimdVector256<T> b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> AtLeast(SimdVector256<T> x, SimdVector256<T> low)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.Max(low._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Avx.Max(low._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(x, low), low, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> AtMost(SimdVector256<T> x, SimdVector256<T> high)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.Min(high._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Avx.Min(high._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(high, x), high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Scale(SimdVector256<T> p, SimdVector256<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.VL.Scale(p._value.AsSingle(), n._value.AsSingle()).As<float, T>())
                : new(Avx512F.VL.Scale(p._value.AsDouble(), n._value.AsDouble()).As<double, T>());
        }

        // Half of the power at a time: 2^n is no normal number at either end, and the last product rounds into the subnormals.
        SimdVector256<T> half = Round(n * SimdMath.Constant<SimdVector256<T>, T>(0.5));
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReduction>(TReduction reduction, SimdVector256<T> x)
        where TReduction : unmanaged, IReduction<T>
    {
        SimdVector128<T> lower = new(x._value.GetLower()), upper = new(x._value.GetUpper());
        return SimdVector128<T>.Fold(reduction, reduction.Combine(lower, upper));
    }

    // 1.5 * 2^23 (or 2^52) plus the biased exponent leaves that exponent in the lowest bits: one addition in place of a conversion to
    // integers, which 256-bit processors lack for 64 bits and which checks for overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> PowerOfTwo(SimdVector256<T> n) => typeof(T) == typeof(float)
        ? new(((n._value.AsSingle() + Vector256.Create(12582912f + 127f)).AsInt32() << 23).As<int, T>())
        : new(((n._value.AsDouble() + Vector256.Create(6755399441055744.0 + 1023.0)).AsInt64() << 52).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256<T> Split(SimdVector256<T> x, out SimdVector256<T> mantissa)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<int> bits = x._value.AsInt32();
            mantissa = new(((bits & Vector256.Create(0x007F_FFFF)) | Vector256.Create(0x3F80_0000)).As<int, T>());
            return new(Vector256.ConvertToSingle((bits >> 23) - Vector256.Create(127)).As<float, T>());
        }
        else
        {
            Vector256<long> bits = x._value.AsInt64();
            mantissa = new(((bits & Vector256.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector256.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
            return new(Vector256.ConvertToDouble((bits >> 52) - Vector256.Create(1023L)).As<double, T>());
        }
    }

    public static int TransposedColumns => 16 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(T* source, nint sourceStride, T* target, nint targetStride) =>
        VectorTranspose.By256(source, sourceStride, target, targetStride);
}
