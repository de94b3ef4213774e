using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

public sealed class MatMulPlanTests
{
    private static readonly int[] s_sizes = [0, 1, 10, 31, 64, 128, 191, 192, 193, 256, 500, 784, 1536, 5000];

    [Fact]
    public void Pieces_cover_the_product_without_an_empty_one()
    {
        foreach (int rows in s_sizes)
        {
            foreach (int columns in s_sizes)
            {
                foreach (int depth in s_sizes)
                {
                    MatMulPlan plan = new(rows, columns, depth);
                    string what = $"{rows} x {depth} x {columns}";
                    plan.RowPieces.ShouldBe((rows + plan.PieceRows - 1) / plan.PieceRows, what);
                    plan.ColumnPieces.ShouldBe((columns + plan.PieceColumns - 1) / plan.PieceColumns, what);
                    (plan.PieceColumns % 32).ShouldBe(0, what);
                    plan.Depth.ShouldBeInRange(1, MatMulPlan.MaximumDepth, what);
                }
            }
        }
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
    public void Work_too_small_to_share_is_one_piece_and_large_work_is_many()
    {
        MatMulPlan small = new(64, 10, 128), large = new(1536, 1536, 1536);
        (small.RowPieces * small.ColumnPieces).ShouldBe(1);
        (large.RowPieces * large.ColumnPieces).ShouldBeInRange(32, 256);
    }
}
