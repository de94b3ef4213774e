using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

[Collection("threads")]
public sealed unsafe class MatMulThreadsTests
{
    [Theory]
    [InlineData(130, 200, 900)]
    [InlineData(900, 130, 65)]
    [InlineData(64, 784, 256)]
    [InlineData(64, 256, 1540)]
    [InlineData(501, 503, 505)]
    public void Result_does_not_depend_on_the_number_of_threads(int rows, int columns, int depth)
    {
        foreach (Layout b in Enum.GetValues<Layout>())
        {
            using Product<float> product = new(
                new(rows, columns, depth) { A = b == Layout.Rows ? Layout.Columns : Layout.Rows, B = b, Bias = true });
            float[]? first = null;
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                using ThreadCount _ = new(threads);
                float[] result = product.Compute(VectorWidths.Best);
                product.ShouldBeSame(result, first ??= result, $"{threads} threads");
            }
        }
    }

    [Fact]
    public void Steady_products_allocate_nothing()
    {
        using Product<float> product = new(new(64, 256, 784) { Bias = true, Relu = true }),
            turned = new(new(64, 784, 250) { B = Layout.Columns });
        using GuardedMemory<float> c = new(64 * 784);
        using ThreadCount _ = new(2);
        void Multiply()
        {
            MatMul.Multiply(product.ViewA, product.ViewB, c.Pointer, 256, default);
            MatMul.Multiply(turned.ViewA, turned.ViewB, c.Pointer, 784, default);
        }

        Allocations.Fewest(Multiply, 50).ShouldBe(0);
    }
}
