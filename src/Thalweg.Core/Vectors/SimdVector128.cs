using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thalweg.Kernels;

/// <summary>128-bit vector.</summary>
internal readonly unsafe struct SimdVector128<T>(Vector128<T> value) : ISimdVector<SimdVector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    /// <summary>Whether this processor runs the vector in hardware, and the process has not forbidden it.</summary>
    public static bool IsAccelerated => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SimdVector128<T> value, T* target) => Vector128.Store(value._value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Splat(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> operator +(SimdVector128<T> a, SimdVector128<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> operator -(SimdVector128<T> a, SimdVector128<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> operator *(SimdVector128<T> a, SimdVector128<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> operator /(SimdVector128<T> a, SimdVector128<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Fma(SimdVector128<T> a, SimdVector128<T> b, SimdVector128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Sqrt(SimdVector128<T> x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Round(SimdVector128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Round(x._value.AsSingle()).As<float, T>())
        : new(Vector128.Round(x._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Less(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Equal(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Select(SimdVector128<T> mask, SimdVector128<T> yes, SimdVector128<T> no) =>
        new(Vector128.ConditionalSelect(mask._value, yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> And(SimdVector128<T> a, SimdVector128<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Or(SimdVector128<T> a, SimdVector128<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Xor(SimdVector128<T> a, SimdVector128<T> b) => new(a._value ^ b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> AtLeast(SimdVector128<T> x, SimdVector128<T> low)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Sse2.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Sse.Max(low._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Sse2.Max(low._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(x, low), low, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> AtMost(SimdVector128<T> x, SimdVector128<T> high)
    {
        // The instruction gives its second operand for NaN and for two zeros, as the comparison does.
        if (Sse2.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Sse.Min(high._value.AsSingle(), x._value.AsSingle()).As<float, T>())
                : new(Sse2.Min(high._value.AsDouble(), x._value.AsDouble()).As<double, T>());
        }

        return Select(Less(high, x), high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Scale(SimdVector128<T> p, SimdVector128<T> n)
    {
        // Half of the power at a time: 2^n is no normal number at either end, and the last product rounds into the subnormals.
        SimdVector128<T> half = Round(n * SimdMath.Constant<SimdVector128<T>, T>(0.5));
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReduction>(TReduction reduction, SimdVector128<T> x)
        where TReduction : unmanaged, IReduction<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> four = x._value.AsSingle();
            SimdVector128<T> upper = new(Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)).As<float, T>());
            Vector128<float> two = reduction.Combine(x, upper)._value.AsSingle();
            SimdVector1<T> first = new(two.As<float, T>().ToScalar()), second = new(two.As<float, T>().GetElement(1));
            return reduction.Combine(first, second).Value;
        }

        return reduction.Combine(new SimdVector1<T>(x._value.ToScalar()), new SimdVector1<T>(x._value.GetElement(1))).Value;
    }

    // 1.5 * 2^23 (or 2^52) plus the biased exponent leaves that exponent in the lowest bits: one addition in place of a conversion to
    // integers, which 256-bit processors lack for 64 bits and which checks for overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> PowerOfTwo(SimdVector128<T> n) => typeof(T) == typeof(float)
        ? new(((n._value.AsSingle() + Vector128.Create(12582912f + 127f)).AsInt32() << 23).As<int, T>())
        : new(((n._value.AsDouble() + Vector128.Create(6755399441055744.0 + 1023.0)).AsInt64() << 52).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128<T> Split(SimdVector128<T> x, out SimdVector128<T> mantissa)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<int> bits = x._value.AsInt32();
            mantissa = new(((bits & Vector128.Create(0x007F_FFFF)) | Vector128.Create(0x3F80_0000)).As<int, T>());
            return new(Vector128.ConvertToSingle((bits >> 23) - Vector128.Create(127)).As<float, T>());
        }
        else
        {
            Vector128<long> bits = x._value.AsInt64();
            mantissa = new(((bits & Vector128.Create(0x000F_FFFF_FFFF_FFFFL)) | Vector128.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
            return new(Vector128.ConvertToDouble((bits >> 52) - Vector128.Create(1023L)).As<double, T>());
        }
    }

    public static int TransposedColumns => 16 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(T* source, nint sourceStride, T* target, nint targetStride) =>
        VectorTranspose.By128(source, sourceStride, target, targetStride);
}
