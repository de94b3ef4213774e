using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

/// <summary>Every shape, layout, width and tail against the literal contract and a double oracle.</summary>
public sealed unsafe class MatMulTests
{
    private static readonly int[] s_small = [0, 1, 2, 3, 5, 8, 13, 17, 33];

    private static readonly (Layout A, Layout B)[] s_layouts =
        [(Layout.Rows, Layout.Rows), (Layout.Columns, Layout.Rows), (Layout.Rows, Layout.Columns)];

    private static IEnumerable<VectorWidth> Widths => Enum.GetValues<VectorWidth>();

    public static TheoryData<ProductCase> Cases()
    {
        List<ProductCase> shapes = [];
        foreach (int rows in s_small)
        {
            foreach (int columns in s_small)
                shapes.Add(new(rows, columns, s_small[(rows + columns) % s_small.Length]));
        }

        shapes.AddRange(
        [
            new(64, 10, 128), new(12, 32, 1), new(24, 64, 7), new(25, 65, 31), new(7, 70, 600), new(64, 256, 784), new(100, 40, 513),
            new(784, 256, 64), new(64, 784, 256), new(200, 97, 300), new(193, 700, 700), new(385, 33, 1025), new(1, 300, 300),
            new(300, 1, 300),
            new(70, 10, 600), new(128, 10, 64), new(64, 128, 10), new(40, 700, 520), new(200, 130, 530), new(33, 96, 1540),
                new(4, 0, 600), new(0, 32, 600),
            new(150, 64, 1024),
        ]);
        TheoryData<ProductCase> cases = [];
        for (int i = 0; i < shapes.Count; i++)
        {
            foreach ((Layout a, Layout b) in s_layouts)
                cases.Add(shapes[i] with { A = a, B = b, Gap = i % 3 * 5, Bias = i % 2 == 1, Relu = i % 5 < 2, Accumulate = i % 7 < 3 });
        }

        cases.Add(new ProductCase(50, 70, 90) { A = Layout.Columns, B = Layout.Columns, Gap = 1000 });
        cases.Add(new ProductCase(40, 48, 520) { Gap = 4096 });
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_follows_the_contract_to_the_bit_at_every_width(ProductCase form)
    {
        Follows_contract<float>(form);
        Follows_contract<double>(form);
    }

    [Fact]
    public void Height_always_takes_rows_that_are_there()
    {
        foreach (bool many in new[] { false, true })
        {
            for (int rows = 1; rows <= 200; rows++)
            {
                int left = rows;
                while (left > 0)
                {
                    int height = TileKernel.Height(left, many);
                    new[] { 1, 2, 4, 6, 8, 10, 12 }.ShouldContain(height);
                    left -= height;
                }

                left.ShouldBe(0, $"{rows} rows");
            }
        }
    }

    [Theory]
    [InlineData(5, 2100, 520)]
    [InlineData(29, 70, 40)]
    [InlineData(2, 3, 0)]
    public void Ways_to_compute_a_product_agree_to_the_bit(int rows, int columns, int depth)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            using Product<float> product = new(new(rows, columns, depth) { Accumulate = accumulate, Gap = 3, Bias = true, Relu = true });
            float[] expected = product.Compute(VectorWidths.Best);
            foreach (VectorWidth width in Widths)
            {
                product.ShouldBeSame(product.ComputePacked(width, turned: false), expected, $"{width} packed");
                product.ShouldBeSame(product.ComputePacked(width, turned: true), expected, $"{width} turned");
            }
        }
    }

    [Fact]
    public void Way_follows_from_the_shape_and_the_layout()
    {
        ProductWay Way(int rows, int columns, int depth, bool turned, bool accumulate = false)
        {
            Matrix<float> a = new(null, rows, depth, depth, 1), b = new(null, depth, columns, turned ? 1 : columns, turned ? depth : 1);
            return ProductWays.Choose<SimdVector512<float>, float>(a, b, accumulate);
        }

        int large = (int)Math.Sqrt(CacheSizes.Second);
        Way(large - 1, large - 1, large - 1, turned: false).ShouldBe(ProductWay.InPlace);
        Way(large + 1, large + 1, large + 1, turned: false).ShouldBe(ProductWay.Packed);
        Way(64, 256, 784, turned: false).ShouldBe(ProductWay.Split);
        Way(64, 256, 784, turned: false, accumulate: true).ShouldBe(ProductWay.InPlace);
        Way(64, 250, 784, turned: false).ShouldBe(ProductWay.InPlace);
        Way(64, 256, 512, turned: false).ShouldBe(ProductWay.InPlace);
        Way(64, 256, 1540, turned: false).ShouldBe(ProductWay.Split);
        Way(64, 1024, 1_000_000, turned: false).ShouldBe(ProductWay.InPlace);
        Way(256, 256, 784, turned: false).ShouldBe(ProductWay.InPlace);
        Way(1024, 256, 256, turned: true).ShouldBe(ProductWay.Packed);
        Way(64, 784, 256, turned: true).ShouldBe(ProductWay.Transposed);
        Way(64, 128, 10, turned: true).ShouldBe(ProductWay.InPlace);
        Way(64, 10, 128, turned: false).ShouldBe(ProductWay.Transposed);
        Way(1, 10, 128, turned: false).ShouldBe(ProductWay.InPlace);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Zero_times_what_is_not_finite_is_not_a_number(float poison)
    {
        foreach (VectorWidth width in Widths)
        {
            using Product<float> product = new(new(13, 37, 20) { Relu = true });
            product.A.Span.Clear();
            *product.ViewB.At(7, 36) = poison;
            float[] result = product.Compute(width);
            for (int i = 0; i < result.Length; i++)
                float.IsNaN(result[i]).ShouldBe(i % 37 == 36, $"{width} element {i}");
        }
    }

    private static void Follows_contract<T>(ProductCase form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Product<T> product = new(form);
        T[] result = product.Compute(VectorWidths.Best);
        foreach (VectorWidth width in Widths)
            product.ShouldBeSame(product.Compute(width), result, $"{width}");
        int block = new MatMulPlan(form.Rows, form.Columns, form.Depth).Depth;
        // Higham, Accuracy and Stability, equation 3.5: n roundings bound the error by n u / (1 - n u) times the sum of sizes.
        double bound = (form.Depth + 3) * (typeof(T) == typeof(float) ? Math.Pow(2, -24) : Math.Pow(2, -52)) * 1.01;
        foreach ((int row, int column) in product.Sample())
        {
            T value = result[row * form.Columns + column];
            T expected = product.ComputeByContract(row, column, block);
            Product<T>.Bits(value).ShouldBe(Product<T>.Bits(expected), $"{form} {typeof(T).Name} at {row}, {column}");
            (double exact, double scale) = product.ComputeOracle(row, column);
            Math.Abs(double.CreateChecked(value) - exact)
                .ShouldBeLessThanOrEqualTo(bound * scale, $"{form} {typeof(T).Name} at {row}, {column}");
        }
    }
}
