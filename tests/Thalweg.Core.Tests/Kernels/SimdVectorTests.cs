using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Every operation of every vector gives what the single element gives, which is checked against the
/// mathematics of .NET.</summary>
public sealed unsafe class SimdVectorTests
{
    private delegate V Operation<V>(V a, V b, V c);

    [Fact]
    public void Every_operation_is_the_same_at_every_width_in_float() => CompareAll<float>();

    [Fact]
    public void Every_operation_is_the_same_at_every_width_in_double() => CompareAll<double>();

    [Fact]
    public void Single_element_does_ieee_arithmetic()
    {
        foreach (double a in Samples.Special<double>())
        {
            foreach (double b in new[] { 0.0, -3.0, 7.5, double.PositiveInfinity, double.NaN })
            {
                SimdVector1<double> x = new(a), y = new(b);
                Check((x + y).Value, a + b);
                Check((x - y).Value, a - b);
                Check((x * y).Value, a * b);
                Check((x / y).Value, a / b);
                Check(SimdVector1<double>.Fma(x, y, x).Value, Math.FusedMultiplyAdd(a, b, a));
                Check(SimdVector1<double>.Sqrt(x).Value, Math.Sqrt(a));
                Check(SimdVector1<double>.Round(x).Value, Math.Round(a, MidpointRounding.ToEven));
                Check(SimdVector1<double>.Select(SimdVector1<double>.Less(x, y), x, y).Value, a < b ? a : b);
                Check(SimdVector1<double>.AtLeast(x, y).Value, a < b ? b : a);
                Check(SimdVector1<double>.AtMost(x, y).Value, b < a ? b : a);
                Check(SimdVector1<double>.Select(SimdVector1<double>.Equal(x, y), new(1), new(2)).Value, a == b ? 1 : 2);
            }
        }

        static void Check(double actual, double expected) => Samples.Bits(actual).ShouldBe(Samples.Bits(expected));
    }

    [Fact]
    public void Turning_makes_rows_columns()
    {
        Transpose<float, SimdVector512<float>>();
        Transpose<float, SimdVector256<float>>();
        Transpose<float, SimdVector128<float>>();
        Transpose<float, SimdVector1<float>>();
        Transpose<double, SimdVector512<double>>();
        Transpose<double, SimdVector256<double>>();
        Transpose<double, SimdVector128<double>>();
        Transpose<double, SimdVector1<double>>();
    }

    private static void Transpose<T, V>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        const int SourceStride = 21, TargetStride = 19;
        T* source = stackalloc T[SourceStride * 16], target = stackalloc T[TargetStride * 16];
        for (int i = 0; i < SourceStride * 16; i++)
            source[i] = T.CreateChecked(i + 1);
        new Span<T>(target, TargetStride * 16).Clear();
        V.Transpose(source, SourceStride, target, TargetStride);
        for (int i = 0; i < TargetStride * 16; i++)
        {
            int column = i / TargetStride, row = i % TargetStride;
            T expected = row < V.Count && column < V.TransposedColumns ? source[(row * SourceStride) + column] : T.Zero;
            target[i].ShouldBe(expected, $"{typeof(V).Name} row {row} column {column}");
        }
    }

    [Fact]
    public void Powers_of_two_cover_the_normal_numbers()
    {
        for (int n = -126; n <= 127; n++)
        {
            foreach (float power in PowerOfTwo<float>(n))
                power.ShouldBe(MathF.ScaleB(1, n));
        }

        for (int n = -1022; n <= 1023; n++)
        {
            foreach (double power in PowerOfTwo<double>(n))
                power.ShouldBe(Math.ScaleB(1, n));
        }
    }

    [Fact]
    public void Scaling_rounds_once_into_the_subnormals_and_to_infinity()
    {
        foreach (float p in (float[])[0.70710677f, 0.9999999f, 1, 1.2345678f, 1.4142135f])
        {
            for (int n = -151; n <= 129; n++)
            {
                float expected = MathF.ScaleB(p, n);
                Samples.Bits(Scaled<float, SimdVector1<float>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<float, SimdVector128<float>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<float, SimdVector256<float>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<float, SimdVector512<float>>(p, n)).ShouldBe(Samples.Bits(expected));
            }

            for (int n = -1076; n <= 1025; n += 7)
            {
                double expected = Math.ScaleB(p, n);
                Samples.Bits(Scaled<double, SimdVector1<double>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<double, SimdVector128<double>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<double, SimdVector256<double>>(p, n)).ShouldBe(Samples.Bits(expected));
                Samples.Bits(Scaled<double, SimdVector512<double>>(p, n)).ShouldBe(Samples.Bits(expected));
            }
        }

        static T Scaled<T, V>(T p, int n)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where V : unmanaged, ISimdVector<V, T> => First<T, V>(V.Scale(V.Splat(p), V.Splat(T.CreateChecked(n))));
    }

    [Fact]
    public void Folding_adds_the_upper_half_to_the_lower()
    {
        Fold<float, SimdVector512<float>>();
        Fold<float, SimdVector256<float>>();
        Fold<float, SimdVector128<float>>();
        Fold<float, SimdVector1<float>>();
        Fold<double, SimdVector512<double>>();
        Fold<double, SimdVector256<double>>();
        Fold<double, SimdVector128<double>>();

        static void Fold<T, V>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where V : unmanaged, ISimdVector<V, T>
        {
            T* x = stackalloc T[16];
            for (int i = 0; i < 16; i++)
                x[i] = T.Exp(T.CreateChecked((i * 7 % 11) - 5));
            T actual = V.Fold(default(Summing<T>), V.Load(x));
            for (int half = V.Count / 2; half >= 1; half /= 2)
            {
                for (int i = 0; i < half; i++)
                    x[i] += x[half + i];
            }

            Samples.Bits(actual).ShouldBe(Samples.Bits(x[0]));
        }
    }

    [Fact]
    public void Split_is_the_inverse_of_scaling()
    {
        foreach (double x in Samples.Special<double>().Where(x => double.IsNormal(x) && x > 0))
        {
            double exponent = SimdVector1<double>.Split(new(x), out SimdVector1<double> mantissa).Value;
            mantissa.Value.ShouldBeInRange(1, Math.BitDecrement(2));
            Math.ScaleB(mantissa.Value, (int)exponent).ShouldBe(x);
        }

        foreach (float x in Samples.Special<float>().Where(x => float.IsNormal(x) && x > 0))
        {
            float exponent = SimdVector1<float>.Split(new(x), out SimdVector1<float> mantissa).Value;
            mantissa.Value.ShouldBeInRange(1, MathF.BitDecrement(2));
            MathF.ScaleB(mantissa.Value, (int)exponent).ShouldBe(x);
        }
    }

    private static T[] PowerOfTwo<T>(double n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T exponent = T.CreateTruncating(n);
        return
        [
            First<T, SimdVector1<T>>(SimdVector1<T>.PowerOfTwo(SimdVector1<T>.Splat(exponent))),
            First<T, SimdVector128<T>>(SimdVector128<T>.PowerOfTwo(SimdVector128<T>.Splat(exponent))),
            First<T, SimdVector256<T>>(SimdVector256<T>.PowerOfTwo(SimdVector256<T>.Splat(exponent))),
            First<T, SimdVector512<T>>(SimdVector512<T>.PowerOfTwo(SimdVector512<T>.Splat(exponent))),
        ];
    }

    private static T First<T, V>(V vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        T* buffer = stackalloc T[16];
        V.Store(vector, buffer);
        return buffer[0];
    }

    private static void CompareAll<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare<T, SimdVector128<T>>();
        Compare<T, SimdVector256<T>>();
        Compare<T, SimdVector512<T>>();
    }

    private static void Compare<T, V>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        T[] values = Samples.Special<T>();
        List<(string Name, Operation<V> Wide, Operation<SimdVector1<T>> Single)> operations = [];
        for (int k = 0; k < Operations<T, V>().Count; k++)
            operations.Add((Operations<T, V>()[k].Name, Operations<T, V>()[k].Run, Operations<T, SimdVector1<T>>()[k].Run));

        T* a = stackalloc T[V.Count], b = stackalloc T[V.Count], c = stackalloc T[V.Count], y = stackalloc T[V.Count];
        for (int round = 0; round < 400; round++)
        {
            for (int i = 0; i < V.Count; i++)
            {
                (uint p, uint q, uint r, _) = Philox.Block(3, (ulong)round, (ulong)i);
                (a[i], b[i], c[i]) = (values[p % values.Length], values[q % values.Length], values[r % values.Length]);
            }

            foreach ((string name, Operation<V> wide, Operation<SimdVector1<T>> single) in operations)
            {
                V.Store(wide(V.Load(a), V.Load(b), V.Load(c)), y);
                for (int i = 0; i < V.Count; i++)
                {
                    T expected = single(new(a[i]), new(b[i]), new(c[i])).Value;
                    Samples.Bits(y[i]).ShouldBe(Samples.Bits(expected), $"{name} of {a[i]}, {b[i]}, {c[i]} at {V.Count}");
                }
            }
        }
    }

    private static List<(string Name, Operation<V> Run)> Operations<T, V>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T> =>
    [
        ("add", (a, b, c) => a + b), ("subtract", (a, b, c) => a - b), ("multiply", (a, b, c) => a * b), ("divide", (a, b, c) => a / b),
        ("at least", (a, b, c) => V.AtLeast(a, b)), ("at most", (a, b, c) => V.AtMost(a, b)),
        ("fma", V.Fma), ("sqrt", (a, b, c) => V.Sqrt(a)), ("round", (a, b, c) => V.Round(a)), ("splat", (a, b, c) => V.Splat(T.Pi)),
        ("less", (a, b, c) => V.Select(V.Less(a, b), V.Splat(T.One), V.Splat(T.Zero))),
        ("same", (a, b, c) => V.Select(V.Equal(a, b), V.Splat(T.One), V.Splat(T.Zero))),
        ("select", (a, b, c) => V.Select(V.Less(a, b), b, c)),
        ("and", (a, b, c) => V.And(a, b)), ("or", (a, b, c) => V.Or(a, b)), ("xor", (a, b, c) => V.Xor(a, b)),
        ("mask and", (a, b, c) => V.And(V.Less(a, b), c)), ("mask or", (a, b, c) => V.Or(V.Less(a, b), c)),
        ("exponent", (a, b, c) => V.Split(Usable<T, V>(a), out _)), ("mantissa", (a, b, c) => Mantissa<T, V>(Usable<T, V>(a))),
    ];

    /// <summary>|x| where that is a positive normal number, else 1: what Split is for.</summary>
    private static V Usable<T, V>(V x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        V size = SimdMath.Abs<V, T>(x);
        V least = SimdMath.Constant<V, T>(typeof(T) == typeof(float) ? 1.1754944e-38 : 2.2250738585072014e-308);
        return V.Select(V.And(V.Less(least, size), V.Less(size, V.Splat(T.PositiveInfinity))), size, V.Splat(T.One));
    }

    private static V Mantissa<T, V>(V x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        V.Split(x, out V mantissa);
        return mantissa;
    }
}
