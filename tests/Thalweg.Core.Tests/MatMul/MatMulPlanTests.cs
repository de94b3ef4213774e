using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

public sealed class MatMulPlanTests
{
    private static readonly int[] s_sizes = [0, 1, 10, 31, 64, 128, 191, 192, 193, 256, 500, 784, 1536, 5000];

    [Fact]
    public void Chunks_cover_the_product_without_an_empty_one()
    {
        foreach (int rows in s_sizes)
        {
            foreach (int columns in s_sizes)
            {
                foreach (int depth in s_sizes)
                {
                    MatMulPlan plan = new(rows, columns, depth);
                    string what = $"{rows} x {depth} x {columns}";
                    Cover(rows, plan.RowChunks, plan.Row, what);
                    Cover(columns, plan.ColumnChunks, plan.Column, what);
                    for (int i = 1; i < plan.ColumnChunks; i++)
                        (plan.Column(i) % 32).ShouldBe(0, what);
                    plan.Depth.ShouldBeInRange(1, MatMulPlan.MaximumDepth, what);
                }
            }
        }
    }

    /// <summary>Parts lie end to end from 0, and none is empty where there is anything to cut.</summary>
    private static void Cover(int length, int parts, Func<int, int> start, string what)
    {
        parts.ShouldBeGreaterThan(0, what);
        start(0).ShouldBe(0, what);
        start(parts).ShouldBe(length, what);
        for (int part = 0; part < parts && length > 0; part++)
            start(part + 1).ShouldBeGreaterThan(start(part), what);
    }

    [Theory]
    [InlineData(100, 100, 100)]
    [InlineData(64, 256, 128)]
    [InlineData(64, 256, 784)]
    [InlineData(784, 256, 64)]
    [InlineData(784, 100, 100)]
    public void Chunks_of_a_training_step_are_nearly_equal(int rows, int columns, int depth)
    {
        MatMulPlan plan = new(rows, columns, depth);
        int count = plan.RowChunks * plan.ColumnChunks, largest = 0;
        for (int down = 0; down < plan.RowChunks; down++)
        {
            for (int across = 0; across < plan.ColumnChunks; across++)
                largest = Math.Max(largest, (plan.Row(down + 1) - plan.Row(down)) * (plan.Column(across + 1) - plan.Column(across)));
        }

        count.ShouldBeGreaterThan(1);
        (largest * (double)count / (rows * columns)).ShouldBeLessThan(1.2);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(512, 512)]
    [InlineData(513, 257)]
    [InlineData(784, 392)]
    [InlineData(1536, 512)]
    public void Blocks_of_k_depend_on_k_alone(int depth, int block)
    {
        foreach (int rows in s_sizes)
            new MatMulPlan(rows, s_sizes[^1] - rows, depth).Depth.ShouldBe(block);
    }

    [Fact]
    public void Work_too_small_to_share_is_one_chunk_and_large_work_is_many()
    {
        MatMulPlan small = new(64, 10, 128), large = new(1536, 1536, 1536);
        (small.RowChunks * small.ColumnChunks).ShouldBe(1);
        (large.RowChunks * large.ColumnChunks).ShouldBeInRange(32, 256);
    }
}
