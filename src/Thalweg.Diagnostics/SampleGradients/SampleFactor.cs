namespace Thalweg.Diagnostics;

/// <summary>What the gradients of single samples for one parameter come to.</summary>
/// <param name="SquaredNorms">Squared lengths <c>[samples]</c>.</param>
/// <param name="SumOfSquares">Sums over samples of squared elements <c>[size]</c>; null where not asked for.</param>
/// <param name="DotProducts">Products of all pairs <c>[samples, samples]</c>; null where not asked for.</param>
internal sealed record SampleMoments(Tensor SquaredNorms, Tensor? SumOfSquares, Tensor? DotProducts);

/// <summary>The gradients of single samples for one parameter, in a form that is smaller than the gradients.</summary>
/// <param name="samples">Number of samples.</param>
/// <param name="size">Number of elements of the parameter.</param>
/// <param name="dtype">Type of the elements.</param>
internal abstract class SampleFactor(int samples, long size, DType dtype)
{
    /// <summary>Number of samples.</summary>
    public int Samples { get; } = samples;

    /// <summary>Number of elements of the parameter.</summary>
    public long Size { get; } = size;

    /// <summary>Type of the elements.</summary>
    public DType DType { get; } = dtype;

    /// <summary>Whether each measure makes the single gradients, so that several are better taken at once.</summary>
    public virtual bool MakesGradients => true;

    /// <summary>Gradients of some samples, <c>[count, size]</c>.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="count">Number of samples.</param>
    public abstract Tensor Gradients(int first, int count);

    /// <summary>Products of the single gradients with a vector, <c>[samples]</c>.</summary>
    /// <param name="vector">A vector as long as the parameter, <c>[size]</c>.</param>
    /// <param name="limit">Elements of single gradients in memory at once.</param>
    public virtual Tensor Project(Tensor vector, int limit) => Tensor.Concatenate(0, [.. Blocks(limit, Size).Select(block =>
        Gradients(block.First, block.Count).MatMul(vector.Reshape([checked((int)Size), 1])).Reshape([block.Count]))]);

    /// <summary>Sum of the single gradients, <c>[size]</c>.</summary>
    /// <param name="limit">Elements of single gradients in memory at once.</param>
    public virtual Tensor Total(int limit) =>
        Blocks(limit, Size).Select(block => Gradients(block.First, block.Count).Sum(0)).Aggregate((sum, part) => sum.Add(part));

    /// <summary>Squared lengths and products with a vector, both <c>[samples]</c>, from one making of the single gradients.</summary>
    /// <param name="vector">A vector as long as the parameter.</param>
    /// <param name="limit">Elements of single gradients in memory at once.</param>
    public (Tensor SquaredNorms, Tensor Products) MeasureAlong(Tensor vector, int limit)
    {
        Tensor norms = Tensor.Zeros([Samples], DType), products = Tensor.Zeros([Samples], DType);
        Tensor column = vector.Reshape([checked((int)Size), 1]);
        foreach ((int first, int count) in Blocks(limit, Size))
        {
            using StepScope scope = StepScope.Begin();
            Tensor rows = Gradients(first, count);
            norms.Slice(0, first, count).Assign(rows.SumSquaresOfRows());
            products.Slice(0, first, count).Assign(rows.MatMul(column).Reshape([count]));
        }

        return (norms, products);
    }

    /// <summary>Products of the first single gradients with the mean of all, <c>[count]</c>.</summary>
    /// <param name="mean">The mean of all, up to a factor.</param>
    /// <param name="count">Samples, from 1 to all.</param>
    public virtual Tensor ProjectFirstOnMean(Tensor mean, int count) =>
        Gradients(0, count).MatMul(mean.Reshape([checked((int)Size), 1])).Reshape([count]);

    /// <summary>Measures by making the single gradients, in blocks of samples: once where one block holds them all.</summary>
    /// <param name="options">What to measure, and how many elements may be in memory at once.</param>
    public virtual SampleMoments Measure(SampleGradientOptions options)
    {
        int limit = options.WorkingElements;
        (int First, int Count)[] blocks = [.. Blocks(options.DotProducts && Samples * Size > limit ? limit / 2 : limit, Size)];
        Tensor norms = Tensor.Zeros([Samples], DType);
        Tensor? squares = options.SecondMoments ? Tensor.Zeros([checked((int)Size)], DType) : null;
        Tensor? products = options.DotProducts ? Tensor.Zeros([Samples, Samples], DType) : null;
        for (int i = 0; i < blocks.Length; i++)
        {
            // Memory goes back after each block, so that blocks do not add up.
            using StepScope scope = StepScope.Begin();
            (int first, int count) = blocks[i];
            Tensor left = Gradients(first, count);
            norms.Slice(0, first, count).Assign(left.SumSquaresOfRows());
            squares?.Assign(squares.Add(left.Square().Sum(0)));
            for (int j = i; j < blocks.Length && products is not null; j++)
            {
                using StepScope inner = StepScope.Begin();
                Tensor right = j == i ? left : Gradients(blocks[j].First, blocks[j].Count);
                Write(left.MatMul(right.Transpose()), first, blocks[j].First, products);
            }
        }

        return new(norms, squares, products);
    }

    /// <summary>Cuts the samples for work that takes so many elements for each: at most the limit, or one sample.</summary>
    protected IEnumerable<(int First, int Count)> Blocks(int limit, long each)
    {
        int count = (int)Math.Clamp(limit / Math.Max(each, 1), 1, Samples);
        for (int first = 0; first < Samples; first += count)
            yield return (first, Math.Min(count, Samples - first));
    }

    /// <summary>Puts products in their place and in that of the pairs turned round.</summary>
    private static void Write(Tensor part, int row, int column, Tensor products)
    {
        if (products.DType == DType.Float32)
            Write<float>(part, row, column, products);
        else
            Write<double>(part, row, column, products);
    }

    private static void Write<T>(Tensor part, int row, int column, Tensor products)
        where T : unmanaged
    {
        (int rows, int columns, int samples) = (part.Shape[0], part.Shape[1], products.Shape[0]);
        Span<T> source = part.Contiguous().AsSpan<T>(), target = products.AsSpan<T>();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                T value = source[(i * columns) + j];
                target[((row + i) * samples) + column + j] = value;
                target[((column + j) * samples) + row + i] = value;
            }
        }
    }
}

/// <summary>Gradients that are as small as they can be: of biases.</summary>
/// <param name="values"><c>[samples, size]</c>.</param>
internal sealed class DirectFactor(Tensor values) : SampleFactor(values.Shape[0], values.Shape[1], values.DType)
{
    public override bool MakesGradients => false;

    public override Tensor Gradients(int first, int count) => values.Slice(0, first, count);
}

/// <summary>Windows of a convolution or a transposed convolution.</summary>
/// <param name="op">The operation.</param>
/// <param name="x">Its input.</param>
/// <param name="gz">Cotangent before its activation.</param>
internal sealed class WindowFactor(RecordedOp op, Tensor x, Tensor gz) : SampleFactor(x.Shape[0], op.InputShape(1).Length, x.DType)
{
    public override Tensor Gradients(int first, int count) => op.WeightGradients(x.Slice(0, first, count), gz.Slice(0, first, count));
}

/// <summary>Several uses of one parameter: their gradients add up.</summary>
/// <param name="parts">The uses.</param>
internal sealed class SumFactor(IReadOnlyList<SampleFactor> parts) : SampleFactor(parts[0].Samples, parts[0].Size, parts[0].DType)
{
    public override Tensor Gradients(int first, int count) =>
        parts.Select(part => part.Gradients(first, count)).Aggregate((sum, part) => sum.Add(part));
}
