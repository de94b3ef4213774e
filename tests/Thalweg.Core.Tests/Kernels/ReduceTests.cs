using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Reductions: the same bits at every width and number of threads, small errors, special values.</summary>
public sealed unsafe class ReduceTests
{
    public static TheoryData<int> Lengths =>
        [.. Enumerable.Range(0, 258), 4095, 4096, 4097, 12345, 65536, 65537, 98304, 98305, 300_001, 2_250_007];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Bits_do_not_depend_on_the_width_or_the_threads(int n)
    {
        BitsDoNotDependOnTheWidth<float>(n);
        BitsDoNotDependOnTheWidth<double>(n);
    }

    [Theory]
    [InlineData(1), InlineData(63), InlineData(64), InlineData(1000), InlineData(5000), InlineData(200_003), InlineData(5_000_000)]
    public void Error_of_a_sum_stays_small(int n)
    {
        using Guarded<float> x = new(n);
        Samples.Fill(x.Span, 4);
        double sum = 0, squares = 0, sizes = 0, largest = double.NegativeInfinity;
        foreach (double v in x.Span)
            (sum, squares, sizes, largest) = (sum + v, squares + (v * v), sizes + Math.Abs(v), Math.Max(largest, v));

        // Pairwise: n / 64 / blocks steps in a row at most, here taken as 100 roundings.
        double unit = Math.Pow(2, -24);
        ((double)Reduce.Sum(x.Pointer, n)).ShouldBe(sum, 100 * unit * sizes);
        ((double)Reduce.SumOfSquares(x.Pointer, n)).ShouldBe(squares, 100 * unit * squares);
        ((double)Reduce.Dot(x.Pointer, x.Pointer, n)).ShouldBe(squares, 100 * unit * squares);
        ((double)Reduce.Max(x.Pointer, n)).ShouldBe(largest);
    }

    [Fact]
    public void Nothing_sums_to_zero_and_has_no_largest()
    {
        Reduce.Sum<double>(null, 0).ShouldBe(0);
        Reduce.Dot<double>(null, null, 0).ShouldBe(0);
        Reduce.Max<double>(null, 0).ShouldBe(double.NegativeInfinity);
        Reduce.AllFinite<double>(null, 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1), InlineData(17), InlineData(64), InlineData(65), InlineData(5000), InlineData(70_001)]
    public void One_element_that_is_not_finite_is_seen_wherever_it_is(int n)
    {
        using Guarded<float> x = new(n);
        for (int i = 0; i < n; i += 1 + (n / 97))
        {
            x.Span.Fill(float.MaxValue);
            Reduce.AllFinite(x.Pointer, n).ShouldBeTrue();
            x.Span[i] = float.NaN;
            Reduce.AllFinite(x.Pointer, n).ShouldBeFalse();
            float.IsNaN(Reduce.Max(x.Pointer, n)).ShouldBeTrue();
            x.Span[i] = float.NegativeInfinity;
            Reduce.AllFinite(x.Pointer, n).ShouldBeFalse();
            Reduce.Max(x.Pointer, n).ShouldBe(n == 1 ? float.NegativeInfinity : float.MaxValue);
            x.Span.Fill(-3);
            x.Span[i] = -2;
            Reduce.Max(x.Pointer, n).ShouldBe(-2);
        }
    }

    [Theory]
    [InlineData(0, 4), InlineData(4, 0), InlineData(1, 1), InlineData(3, 10), InlineData(64, 67)]
    [InlineData(5, 5000), InlineData(300, 10), InlineData(700, 128), InlineData(2, 40_001)]
    public void Rows_reduce_as_runs_do(int rows, int columns)
    {
        using Guarded<float> x = new(rows * columns, 1), y = new(rows, 1);
        Samples.Fill(x.Span, 9);
        foreach (VectorWidth width in Samples.Widths)
        {
            RowReductions.Run(width, default(Summing<float>), x.Pointer, rows, columns, y.Pointer, accumulate: false);
            for (int r = 0; r < rows; r++)
                y.Span[r].ShouldBe(Reduce.Sum(x.Pointer + (r * columns), columns));
        }

        y.Span.Fill(0.25f);
        Reduce.SumRows(x.Pointer, rows, columns, y.Pointer, accumulate: true);
        for (int r = 0; r < rows; r++)
            y.Span[r].ShouldBe(0.25f + Reduce.Sum(x.Pointer + (r * columns), columns));
        Reduce.MaxRows(x.Pointer, rows, columns, y.Pointer);
        for (int r = 0; r < rows; r++)
            y.Span[r].ShouldBe(Reduce.Max(x.Pointer + (r * columns), columns));
        y.IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 4), InlineData(4, 0), InlineData(1, 1), InlineData(3, 10), InlineData(64, 67)]
    [InlineData(255, 31), InlineData(600, 33), InlineData(70, 1200), InlineData(5, 40_001)]
    public void Columns_are_summed_with_rows_ascending(int rows, int columns)
    {
        using Guarded<double> x = new(rows * columns, 1), y = new(columns, 1);
        Samples.Fill(x.Span, 9);
        double[] expected = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            for (int block = 0; block < rows; block += 256)
            {
                double sum = 0;
                for (int r = block; r < Math.Min(rows, block + 256); r++)
                    sum += x.Span[(r * columns) + c];
                expected[c] += sum;
            }
        }

        foreach (VectorWidth width in Samples.Widths)
        {
            ColumnSums.Run(width, x.Pointer, rows, columns, y.Pointer, accumulate: false);
            Samples.ShouldHaveBitsOf<double>(y.Span, expected, $"column sums at {width}");
        }

        y.Span.Fill(0.25);
        Reduce.SumColumns(x.Pointer, rows, columns, y.Pointer, accumulate: true);
        Samples.ShouldHaveBitsOf<double>(y.Span, [.. expected.Select(v => 0.25 + v)], "column sums added");
        y.IsIntact.ShouldBeTrue();
    }

    private static void BitsDoNotDependOnTheWidth<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Guarded<T> a = new(n, n % 5), b = new(n, n % 3);
        Samples.Fill(a.Span, n);
        Samples.Fill(b.Span, n + 1000);
        Check<Summing<T>>("sum", a.Pointer, a.Pointer);
        Check<SummingProducts<T>>("dot", a.Pointer, b.Pointer);
        Check<FindingMaximum<T>>("max", a.Pointer, a.Pointer);

        // The second runs on this thread alone, without chunks.
        void Check<TReduction>(string what, T* x, T* y)
            where TReduction : unmanaged, IReduction<T>
        {
            long expected = Samples.Bits(BlockReduction.RunChunk(VectorWidth.Scalar, default(TReduction), x, y, n));
            foreach (VectorWidth width in Samples.Widths)
            {
                Samples.Bits(BlockReduction.Run(width, default(TReduction), x, y, n)).ShouldBe(expected, $"{what} at {width}");
                Samples.Bits(BlockReduction.RunChunk(width, default(TReduction), x, y, n)).ShouldBe(expected, $"{what} at {width} alone");
            }
        }
    }
}
