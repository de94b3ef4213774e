using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

[Collection("threads")]
public sealed unsafe class ColumnSumsTests
{
    public static TheoryData<int, int, int, bool> Cases()
    {
        TheoryData<int, int, int, bool> cases = [];
        foreach (int rows in new[] { 0, 1, 2, 7, 64 })
        {
            foreach (int columns in new[] { 0, 1, 3, 4, 10, 15, 16, 17, 31, 63, 64, 65, 130, 256 })
                cases.Add(rows, columns, columns % 3 * 2, (rows + columns) % 2 == 0);
        }

        cases.Add(2000, 333, 4, true);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_are_chains_over_rows_at_every_width_and_number_of_threads(int rows, int columns, int gap, bool accumulate)
    {
        Check<float>(rows, columns, gap, accumulate);
        Check<double>(rows, columns, gap, accumulate);
    }

    private static void Check<T>(int rows, int columns, int gap, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int ld = columns + gap;
        using GuardedMemory<T> x = new(rows == 0 ? 0 : (rows - 1) * ld + columns), y = new(columns);
        for (int i = 0; i < x.Length; i++)
            x.Pointer[i] = T.CreateChecked(Philox.Block(5, (ulong)i, 0).A / 4294967296.0);
        T[] expected = new T[columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                expected[j] += x.Pointer[i * ld + j];
        }

        for (int j = 0; accumulate && j < columns; j++)
            expected[j] = T.CreateChecked(j) + expected[j];
        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        {
            foreach (int threads in new[] { 1, 3 })
            {
                using ThreadCount _ = new(threads);
                for (int j = 0; j < columns; j++)
                    y.Pointer[j] = T.CreateChecked(j);
                MatMul.ColumnSums(width, new Matrix<T>(x.Pointer, rows, columns, ld, 1), y.Pointer, accumulate);
                y.Span.SequenceEqual(expected).ShouldBeTrue($"{typeof(T).Name} {width}, {threads} threads");
                y.MarginsAreWhole.ShouldBeTrue();
            }
        }
    }
}
