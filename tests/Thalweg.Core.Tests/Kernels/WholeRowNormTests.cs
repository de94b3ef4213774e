using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Normalization of rows of whole vectors has the bits of the general way, at every vector width.</summary>
public sealed unsafe class WholeRowNormTests
{
    private const int Rows = 2 * RowNormalization.RowBlock + 37, Columns = 128;

    [Fact]
    public void Bits_do_not_depend_on_the_vector_width()
    {
        Compare<float>();
        Compare<double>();

        static void Compare<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] one = Run<SimdVector1<T>, T>();
            Run<SimdVector128<T>, T>().ShouldBe(one);
            Run<SimdVector256<T>, T>().ShouldBe(one);
            Run<SimdVector512<T>, T>().ShouldBe(one);
        }
    }

    [Fact]
    public void Bits_are_those_of_the_general_way()
    {
        RandomStream stream = new(3, RandomPurpose.User);
        Tensor x = Tensor.Normal([Rows, Columns], 3, 2, ref stream), weights = Tensor.Normal([Rows, Columns], 0, 1, ref stream);
        Tensor scale = Tensor.Normal([Columns], 1, 1, ref stream), shift = Tensor.Normal([Columns], 0, 1, ref stream);
        foreach (Tensor leaf in (Tensor[])[x, scale, shift])
            leaf.RequiresGrad = true;
        // A group of all channels goes the general way; its scale and shift are applied by operations of their own.
        Tensor whole = x.LayerNorm(1, scale, shift), general = x.GroupNorm(1).Multiply(scale).Add(shift);
        whole.ToArray<float>().ShouldBe(general.ToArray<float>());
        Tensor[] actual = Gradients.Of(whole.Multiply(weights).Sum(), x, scale, shift);
        Tensor[] expected = Gradients.Of(general.Multiply(weights).Sum(), x, scale, shift);
        for (int i = 0; i < 3; i++)
            actual[i].ToArray<float>().ShouldBe(expected[i].ToArray<float>(), $"derivative {i}");
    }

    [Fact]
    public void The_derivative_is_added_to_what_others_gave()
    {
        RandomStream stream = new(4, RandomPurpose.User);
        Tensor leaf = Tensor.Normal([Rows, Columns], 3, 2, ref stream), weights = Tensor.Normal([Rows, Columns], 0, 1, ref stream);
        leaf.RequiresGrad = true;
        Tensor x = leaf.Negate();
        float[] both = Gradients.Of(x.Add(x.LayerNorm()).Multiply(weights).Sum(), leaf)[0].ToArray<float>();
        float[] norm = Gradients.Of(x.LayerNorm().Multiply(weights).Sum(), leaf)[0].ToArray<float>();
        float[] plain = Gradients.Of(x.Multiply(weights).Sum(), leaf)[0].ToArray<float>();
        both.ShouldBe([.. plain.Zip(norm, (a, b) => a + b)]);
    }

    /// <summary>Results, derivatives and sums by column; a row of numbers whose squares overflow goes its own way.</summary>
    private static T[] Run<V, T>()
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Size = Rows * Columns, Blocks = 3;
        RandomStream stream = new(5, RandomPurpose.User);
        int length = (5 * Size) + (2 * Columns * (1 + Blocks)) + (3 * Rows);
        T[] values = [.. Enumerable.Range(0, length).Select(_ => T.CreateTruncating(stream.NextNormal()))];
        T huge = T.CreateTruncating(typeof(T) == typeof(float) ? 1e30 : 1e250);
        for (int i = 0; i < Columns; i++)
            values[(300 * Columns) + i] *= huge;
        fixed (T* x = values)
        {
            T* gamma = x + (5 * Size), sums = gamma + (2 * Columns), moments = sums + (2 * Columns * Blocks);
            RowNormWork<T> work = new()
            {
                X = x,
                Y = x + Size,
                G = x + (2 * Size),
                Before = x + (3 * Size),
                Gamma = gamma,
                Beta = gamma + Columns,
                Sums = sums,
                Mean = moments,
                Rest = moments + Rows,
                Inverse = moments + (2 * Rows),
                Rows = Rows,
                Columns = Columns,
                Epsilon = 1e-5,
                Centered = true,
            };
            Go(work, backward: false);
            work.Y = x + (4 * Size);
            Go(work, backward: true);
        }

        return values;

        static void Go(in RowNormWork<T> work, bool backward)
        {
            WholeRowNorm<V, T> job = new(work, backward);
            for (int chunk = 0; chunk < Blocks; chunk++)
                job.Run(chunk);
        }
    }
}
