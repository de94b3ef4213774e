using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

public sealed unsafe class ShortRowsTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, ShortRows.MaximumColumns)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_equals_its_definition_with_equal_bits_at_every_width(int columns)
    {
        Check<float>(columns, 1e-6);
        Check<double>(columns, 1e-15);
    }

    [Fact]
    public void Rows_with_a_NaN_are_NaN_and_others_are_not()
    {
        double[] p = Run([1, double.NaN, 2, 3, 4, 5], 3, VectorWidths.Best).P;
        p[..3].ShouldAllBe(v => double.IsNaN(v));
        p[3..].ShouldAllBe(v => v > 0);
    }

    private static void Check<T>(int columns, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Count = 3;
        RandomStream stream = new(5, RandomPurpose.User, (ulong)columns);
        T[] x = new T[Count * columns];
        for (int i = 0; i < x.Length; i++)
            x[i] = T.CreateTruncating(20 * stream.NextNormal());

        (T[] p, T[] totals, T[] shifted) = Run(x, columns, VectorWidth.Scalar);
        foreach (VectorWidth width in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 })
        {
            (T[] otherP, T[] otherTotals, _) = Run(x, columns, width);
            otherP.ShouldBe(p);
            otherTotals.ShouldBe(totals);
        }

        for (int r = 0; r < Count; r++)
        {
            double[] row = [.. x[(r * columns)..((r + 1) * columns)].Select(v => double.CreateTruncating(v))];
            double max = row.Max(), sum = row.Sum(v => Math.Exp(v - max));
            double.CreateTruncating(totals[r]).ShouldBe(sum, tolerance * sum);
            for (int c = 0; c < columns; c++)
            {
                double.CreateTruncating(p[(r * columns) + c]).ShouldBe(Math.Exp(row[c] - max) / sum, tolerance);
                double.CreateTruncating(shifted[(r * columns) + c]).ShouldBe(row[c] - max, 1e-5 * Math.Max(1, max - row[c]));
            }
        }
    }

    private static (T[] P, T[] Totals, T[] Shifted) Run<T>(T[] x, int columns, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = x.Length / columns;
        T[] p = new T[x.Length], shifted = new T[x.Length], totals = new T[count];
        fixed (T* source = x, probabilities = p, differences = shifted, sums = totals)
        {
            ShortRows.Softmax(width, new SoftmaxRows<T>
            {
                X = source,
                Count = count,
                Columns = columns,
                Shifted = differences,
                Probabilities = probabilities,
                Totals = sums,
            });
        }

        return (p, totals, shifted);
    }
}
