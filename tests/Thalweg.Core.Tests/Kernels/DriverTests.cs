using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Map and zips: every length, every width, in place, unaligned, nothing written outside.</summary>
[Collection("threads")]
public sealed unsafe class DriverTests
{
    private const int Longest = 257;

    [Fact]
    public void Map_covers_every_length_in_float() => MapCoversEveryLength<float>();

    [Fact]
    public void Map_covers_every_length_in_double() => MapCoversEveryLength<double>();

    [Fact]
    public void Zip_covers_every_length_in_float() => ZipCoversEveryLength<float>();

    [Fact]
    public void Zip_covers_every_length_in_double() => ZipCoversEveryLength<double>();

    [Fact]
    public void Zip_of_three_covers_every_length_in_float() => Zip3CoversEveryLength<float>();

    [Fact]
    public void Zip_of_three_covers_every_length_in_double() => Zip3CoversEveryLength<double>();

    [Theory]
    [InlineData(0, 5), InlineData(5, 0), InlineData(1, 1), InlineData(1, 37)]
    [InlineData(37, 1), InlineData(3, 16), InlineData(7, 10), InlineData(5, 67)]
    public void Broadcasts_repeat_the_smaller_operand(int rows, int columns)
    {
        foreach (VectorWidth width in Samples.Widths)
        {
            foreach (Broadcast kind in Enum.GetValues<Broadcast>())
                CheckRows<float>(width, kind, rows, columns, inPlace: rows % 2 == 0);
        }
    }

    [Theory]
    [InlineData(1500, 64), InlineData(3, 40000), InlineData(70001, 1), InlineData(1, 70001)]
    public void Broadcasts_over_many_elements_are_cut_into_chunks(int rows, int columns)
    {
        foreach (Broadcast kind in Enum.GetValues<Broadcast>())
            CheckRows<double>(VectorWidths.Best, kind, rows, columns, inPlace: true);
    }

    [Fact]
    public void Long_runs_are_the_same_for_one_thread_and_two()
    {
        const int N = (3 * Chunks.Threshold) + 11;
        using Guarded<float> a = new(N), b = new(N), c = new(N), one = new(N), two = new(N);
        Samples.Fill(a.Span, 1);
        Samples.Fill(b.Span, 2);
        Samples.Fill(c.Span, 3);
        Compare(y => Map.Run(new Tanh<float>(), a.Pointer, y.Pointer, N));
        Compare(y => Zip.Run(new Divide<float>(), a.Pointer, b.Pointer, y.Pointer, N));
        Compare(y => Zip3.Run(new MultiplyAdd<float>(), a.Pointer, b.Pointer, c.Pointer, y.Pointer, N));
        MathF.Tanh(a.Span[N - 1]).ShouldBe(Last(y => Map.Run(new Tanh<float>(), a.Pointer, y.Pointer, N)), 1e-6f);

        void Compare(Action<Guarded<float>> run)
        {
            WithThreads(1, () => run(one));
            WithThreads(2, () => run(two));
            Samples.ShouldHaveBitsOf<float>(two.Span, one.Span, "two threads");
            two.IsIntact.ShouldBeTrue();
        }

        float Last(Action<Guarded<float>> run)
        {
            run(two);
            return two.Span[N - 1];
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        const int N = Chunks.Threshold + 1;
        using Guarded<float> x = new(N), y = new(N);
        Samples.Fill(x.Span, 1);
        // The least of some rounds: the first hires workers, and others may while tests run beside this one.
        long bytes = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Map.Run(new Exp<float>(), x.Pointer, y.Pointer, N);
            Zip.Run(new Add<float>(), x.Pointer, y.Pointer, y.Pointer, N);
            Zip.RunRows(new Multiply<float>(), x.Pointer, y.Pointer, y.Pointer, 100, 600, Broadcast.RowVector);
            Reduce.Sum(x.Pointer, N);
            Reduce.SumColumns(x.Pointer, 100, 600, y.Pointer, accumulate: true);
            Reduce.SumRows(x.Pointer, 100, 600, y.Pointer, accumulate: true);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        bytes.ShouldBe(0);
    }

    [Fact]
    public void Loops_are_methods_of_their_own()
    {
        // Inlined into one caller, the loops of all widths exhaust the inlining budget of the JIT and become forty times slower.
        foreach (Type type in new[] { typeof(Map), typeof(Zip), typeof(Zip3), typeof(BlockReduction), typeof(ColumnSums) })
        {
            IEnumerable<MethodInfo> loops = type.GetNestedTypes(BindingFlags.NonPublic).Append(type)
                .SelectMany(t => t.GetMethods(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
                .Where(method => method.GetMethodImplementationFlags().HasFlag(MethodImplAttributes.AggressiveOptimization));
            loops.ShouldNotBeEmpty();
            loops.ShouldAllBe(method => method.GetMethodImplementationFlags().HasFlag(MethodImplAttributes.NoInlining));
        }
    }

    private static void WithThreads(int count, Action run)
    {
        int before = Threads.Count;
        Threads.Count = count;
        try
        {
            run();
        }
        finally
        {
            Threads.Count = before;
        }
    }

    private static void MapCoversEveryLength<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n <= Longest; n++)
        {
            foreach (VectorWidth width in Samples.Widths)
            {
                using Guarded<T> x = new(n, n % 5), y = new(n, n % 3);
                Samples.Fill(x.Span, n);
                T[] expected = [.. x.Span.ToArray().Select(v => (v * T.CreateChecked(3)) + T.One)];
                Map.Run(width, new Tripling<T>(), x.Pointer, y.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(y.Span, expected, $"map at {width}");
                Map.Run(width, new Tripling<T>(), x.Pointer, x.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(x.Span, expected, $"map in place at {width}");
                (x.IsIntact && y.IsIntact).ShouldBeTrue();
            }
        }
    }

    private static void ZipCoversEveryLength<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n <= Longest; n++)
        {
            foreach (VectorWidth width in Samples.Widths)
            {
                using Guarded<T> a = new(n, n % 5), b = new(n, n % 7), y = new(n, n % 3);
                Samples.Fill(a.Span, n);
                Samples.Fill(b.Span, n + 1000);
                T[] expected = [.. a.Span.ToArray().Zip(b.Span.ToArray(), (p, q) => p - q)];
                Zip.Run(width, new Subtract<T>(), a.Pointer, b.Pointer, y.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(y.Span, expected, $"zip at {width}");
                Guarded<T> target = n % 2 == 0 ? a : b;
                Zip.Run(width, new Subtract<T>(), a.Pointer, b.Pointer, target.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(target.Span, expected, $"zip in place at {width}");
                (a.IsIntact && b.IsIntact && y.IsIntact).ShouldBeTrue();
            }
        }
    }

    private static void Zip3CoversEveryLength<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n <= Longest; n++)
        {
            foreach (VectorWidth width in Samples.Widths)
            {
                using Guarded<T> a = new(n, n % 5), b = new(n, n % 7), c = new(n, n % 4), y = new(n, n % 3);
                Samples.Fill(a.Span, n);
                Samples.Fill(b.Span, n + 1000);
                Samples.Fill(c.Span, n + 2000);
                T[] expected = new T[n];
                for (int i = 0; i < n; i++)
                    expected[i] = T.FusedMultiplyAdd(a.Span[i], b.Span[i], c.Span[i]);
                Zip3.Run(width, new MultiplyAdd<T>(), a.Pointer, b.Pointer, c.Pointer, y.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(y.Span, expected, $"zip of three at {width}");
                Zip3.Run(width, new MultiplyAdd<T>(), a.Pointer, b.Pointer, c.Pointer, c.Pointer, n);
                Samples.ShouldHaveBitsOf<T>(c.Span, expected, $"zip of three in place at {width}");
                (a.IsIntact && b.IsIntact && c.IsIntact && y.IsIntact).ShouldBeTrue();
            }
        }
    }

    private static void CheckRows<T>(VectorWidth width, Broadcast kind, int rows, int columns, bool inPlace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool left = kind is Broadcast.LeftRowVector or Broadcast.LeftColumnVector or Broadcast.LeftScalar;
        bool row = kind is Broadcast.RowVector or Broadcast.LeftRowVector;
        bool column = kind is Broadcast.ColumnVector or Broadcast.LeftColumnVector;
        using Guarded<T> whole = new(rows * columns, 1), part = new(row ? columns : column ? rows : 1, 2), other = new(rows * columns);
        Samples.Fill(whole.Span, 5);
        Samples.Fill(part.Span, 6);
        T[] expected = new T[rows * columns];
        for (int i = 0; i < expected.Length; i++)
        {
            T p = part.Span[row ? i % columns : column ? i / columns : 0];
            expected[i] = left ? p - whole.Span[i] : whole.Span[i] - p;
        }

        Guarded<T> y = inPlace ? whole : other, a = left ? part : whole, b = left ? whole : part;
        ZipRows.Run(width, new Subtract<T>(), a.Pointer, b.Pointer, y.Pointer, rows, columns, kind);
        Samples.ShouldHaveBitsOf<T>(y.Span, expected, $"{kind} at {width}");
        (whole.IsIntact && part.IsIntact && other.IsIntact).ShouldBeTrue();
    }

    private readonly struct Tripling<T> : IUnaryFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : unmanaged, ISimdVector<V, T> => (x * SimdMath.Constant<V, T>(3)) + V.Splat(T.One);
    }
}
