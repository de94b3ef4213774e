using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>What a <see cref="WinogradJob{TVector,T}"/> works on.</summary>
internal unsafe struct WinogradWork<T>
    where T : unmanaged
{
    public WinogradShape Shape;

    /// <summary>Images <c>[batch, channels, height, width]</c> and results.</summary>
    public T* Source, Target;

    /// <summary>Transformed weights <c>[36, channels, output pitch]</c>.</summary>
    public T* Factors;

    /// <summary>
    /// One number per result that is added, or null; then negative results may become 0; the results may be added to the target.
    /// </summary>
    public T* Bias;

    public bool Relu, Accumulate;
}

/// <summary>
/// Convolution by tiles: inputs to points, a matrix product at each point, products to results; a chunk is some segments.
/// </summary>
/// <remarks>
/// Everything is channels last inside, so vectors are full whatever the size of the image, and no kernel looks at borders. Every sum is a
/// chain of fused multiply-adds over ascending channels, so results do not depend on vector width, thread or chunk.
/// </remarks>
internal unsafe struct WinogradJob<TVector, T>(WinogradWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Elements between the rows of points, besides the tiles: rows a power of two apart would fight for the same lines of the cache.
    /// </summary>
    private const int Gap = 16;

    private readonly WinogradWork<T> _work = work;

    public readonly void Run(int chunk)
    {
        WinogradShape shape = _work.Shape;
        int first = chunk * shape.Together, count = Math.Min(shape.Together, shape.Segments - first);
        int pitch = shape.ChannelPitch, outputPitch = shape.OutputPitch;
        PaddedImage form = shape.InputForm;
        nint step = ((nint)shape.ChunkTiles * pitch) + Gap, outputStep = ((nint)shape.ChunkTiles * outputPitch) + Gap;
        nint places = (nint)shape.SegmentTiles * shape.Size * shape.Size, copyRows = form.RowsFor(shape.BlockRows);
        nint inputs = nint.Max(WinogradShape.Products * step, places * shape.Outputs), products = WinogradShape.Products * outputStep;
        nint copySize = nint.Max(copyRows * form.Columns * pitch, places * outputPitch);
        T* bias = ScratchMemory.Take<T>(outputPitch + inputs + products + copySize), points = bias + outputPitch;
        T* results = points + inputs, copy = results + products;
        for (int segment = 0; segment < count; segment++)
        {
            (int image, int row) = Math.DivRem(first + segment, shape.Blocks);
            T* source = _work.Source + ((nint)image * shape.Channels * shape.Height * shape.Width);
            ChannelsLast.Gather<TVector, T>(source, form, form.FirstRow + (row * shape.BlockRows * shape.Size), (int)copyRows, copy, pitch);
            T* start = points + ((nint)segment * shape.SegmentTiles * pitch);
            WinogradTiles.Inputs<TVector, T>(shape, copy, form.Columns, new(start, step));
        }

        WinogradProducts.Run<TVector, T>(
            Operands(points, results), count * shape.SegmentTiles, outputPitch, (step, (nint)shape.Channels * outputPitch, outputStep));
        bool biased = CopyBias(bias);
        for (int segment = 0; segment < count; segment++)
        {
            PointRows<T> start = new(results + ((nint)segment * shape.SegmentTiles * outputPitch), outputStep);
            WinogradTiles.Outputs<TVector, T>(shape, start, biased ? bias : null, _work.Relu, copy);
            Write(first + segment, copy, points);
        }
    }

    private readonly TileOperands<T> Operands(T* points, T* results) => new()
    {
        A = points,
        RowStrideA = _work.Shape.ChannelPitch,
        StepA = 1,
        B = _work.Factors,
        StepB = _work.Shape.OutputPitch,
        C = results,
        StrideC = _work.Shape.OutputPitch,
        Depth = _work.Shape.Channels,
    };

    /// <summary>Fills the bias up to whole vectors; false where there is none.</summary>
    private readonly bool CopyBias(T* target)
    {
        if (_work.Bias == null)
            return false;
        new Span<T>(target, _work.Shape.OutputPitch).Clear();
        new ReadOnlySpan<T>(_work.Bias, _work.Shape.Outputs).CopyTo(new Span<T>(target, _work.Shape.Outputs));
        return true;
    }

    /// <summary>Writes the results of a segment that lie inside the image.</summary>
    private readonly void Write(int segment, T* results, T* scratch)
    {
        WinogradShape shape = _work.Shape;
        (int image, int block) = Math.DivRem(segment, shape.Blocks);
        int first = block * shape.BlockRows * shape.Size, rows = Math.Min(shape.BlockRows * shape.Size, shape.OutHeight - first);
        int columns = shape.TileColumns * shape.Size, pitch = shape.OutputPitch, length = rows * shape.OutWidth;
        nint plane = (nint)shape.OutHeight * shape.OutWidth;
        T* target = _work.Target + ((nint)image * shape.Outputs * plane) + ((nint)first * shape.OutWidth);
        T* planes = _work.Accumulate ? scratch : target;
        nint stride = _work.Accumulate ? length : plane;
        // Rows without a gap are one long row.
        int parts = columns == shape.OutWidth ? 1 : rows, part = length / parts;
        for (int i = 0; i < parts; i++)
            ChannelsLast.Spread<TVector, T>(results + ((nint)i * columns * pitch), pitch, part, planes + (i * part), stride, shape.Outputs);
        for (int output = 0; _work.Accumulate && output < shape.Outputs; output++)
        {
            Zip.RunChunk(
                VectorWidths.Best, new Add<T>(), target + (output * plane), planes + (output * stride), target + (output * plane), length);
        }
    }
}
