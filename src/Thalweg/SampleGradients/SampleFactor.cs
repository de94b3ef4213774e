namespace Thalweg.SampleGradients;

/// <summary>The gradients of single samples for one parameter, in a form that is smaller than the gradients.</summary>
/// <param name="samples">Number of samples.</param>
/// <param name="size">Number of elements of the parameter.</param>
internal abstract class SampleFactor(int samples, long size)
{
    /// <summary>Number of samples.</summary>
    public int Samples { get; } = samples;

    /// <summary>Number of elements of the parameter.</summary>
    public long Size { get; } = size;

    /// <summary>Gradients of some samples, <c>[count, size]</c>.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="count">Number of samples.</param>
    public abstract Tensor Gradients(int first, int count);

    /// <summary>Squared lengths <c>[samples]</c>.</summary>
    /// <param name="limit">Elements that may be in memory at once.</param>
    public virtual Tensor SquaredNorms(int limit) =>
        Tensor.Concatenate(0, [.. Blocks(limit).Select(block => Gradients(block.First, block.Count).Square().Sum(1))]);

    /// <summary>Sums over samples of squared elements <c>[size]</c>.</summary>
    /// <param name="limit">Elements that may be in memory at once.</param>
    public virtual Tensor SumOfSquares(int limit) =>
        Blocks(limit).Select(block => Gradients(block.First, block.Count).Square().Sum(0)).Aggregate((sum, part) => sum.Add(part));

    /// <summary>Products of all pairs <c>[samples, samples]</c>.</summary>
    /// <param name="limit">Elements that may be in memory at once.</param>
    public virtual Tensor DotProducts(int limit)
    {
        List<Tensor> rows = [];
        foreach ((int first, int count) in Blocks(limit / 2))
        {
            Tensor left = Gradients(first, count);
            rows.Add(Tensor.Concatenate(1, [.. Blocks(limit / 2).Select(block => left.MatMul(Gradients(block.First, block.Count).Transpose()))]));
        }

        return Tensor.Concatenate(0, [.. rows]);
    }

    /// <summary>Cuts the samples so that their gradients have at most so many elements, or one sample each.</summary>
    protected IEnumerable<(int First, int Count)> Blocks(int limit) => Blocks(limit, Size);

    /// <summary>Cuts the samples for work that takes so many elements for each.</summary>
    protected IEnumerable<(int First, int Count)> Blocks(int limit, long each)
    {
        int count = (int)Math.Clamp(limit / Math.Max(each, 1), 1, Samples);
        for (int first = 0; first < Samples; first += count)
        {
            yield return (first, Math.Min(count, Samples - first));
        }
    }
}

/// <summary>Gradients that are as small as they can be: of biases.</summary>
/// <param name="values"><c>[samples, size]</c>.</param>
internal sealed class DirectFactor(Tensor values) : SampleFactor(values.Shape[0], values.Shape[1])
{
    public override Tensor Gradients(int first, int count) => values.Slice(0, first, count);
}

/// <summary>Windows of a convolution or a transposed convolution.</summary>
/// <param name="call">The operation.</param>
/// <param name="x">Input of the convolution, or cotangent of the result of the transposed one.</param>
/// <param name="y">The other of the two.</param>
internal sealed class WindowFactor(OpCall call, Tensor x, Tensor y) : SampleFactor(x.Shape[0], call[1].Length)
{
    public override Tensor Gradients(int first, int count) => ConvolutionWeightOp.OfImages(call, x.Slice(0, first, count), y.Slice(0, first, count));
}

/// <summary>Several uses of one parameter: their gradients add up.</summary>
/// <param name="parts">The uses.</param>
internal sealed class SumFactor(IReadOnlyList<SampleFactor> parts) : SampleFactor(parts[0].Samples, parts[0].Size)
{
    public override Tensor Gradients(int first, int count) => parts.Select(part => part.Gradients(first, count)).Aggregate((sum, part) => sum.Add(part));
}
