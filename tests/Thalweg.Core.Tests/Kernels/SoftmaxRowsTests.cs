using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

public sealed unsafe class SoftmaxRowsTests
{
    [Fact]
    public void Bits_do_not_depend_on_the_vector_width()
    {
        for (int count = 0; count <= 130; count++)
        {
            float[] floats = Run<float>(VectorWidth.Scalar, count);
            double[] doubles = Run<double>(VectorWidth.Scalar, count);
            foreach (VectorWidth width in (VectorWidth[])[VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512])
            {
                Run<float>(width, count).ShouldBe(floats, $"{count} floats, {width}");
                Run<double>(width, count).ShouldBe(doubles, $"{count} doubles, {width}");
            }
        }
    }

    [Fact]
    public void Weights_sum_to_one_and_are_zero_past_the_end()
    {
        for (int count = 1; count <= 70; count++)
        {
            double[] weights = Run<double>(VectorWidths.Best, count)[..160];
            weights.Sum().ShouldBe(1, 1e-14);
            weights[count..].ShouldAllBe(w => w == 0);
        }
    }

    /// <summary>Weights of a row of 160 places, then derivatives.</summary>
    private static T[] Run<T>(VectorWidth width, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Stride = 160;
        RandomStream stream = new(5, RandomPurpose.User, (ulong)count);
        T[] values = [.. Enumerable.Range(0, 2 * Stride).Select(_ => T.CreateTruncating(stream.NextNormal()))];
        fixed (T* x = values)
        {
            SoftmaxRows.Forward(width, x, count, Stride, T.CreateTruncating(1.5));
            SoftmaxRows.Backward(width, x, x + Stride, count, T.CreateTruncating(0.5));
        }

        return values;
    }
}
