using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What the weight gradient by tiles works on.</summary>
internal unsafe struct WinogradGradientWork<T>
    where T : unmanaged
{
    public WinogradShape Shape;

    /// <summary>x <c>[batch, channels, height, width]</c> and the cotangent of y.</summary>
    public T* X, G;

    /// <summary>Sums at the points <c>[splits, 36, channels, output pitch]</c>.</summary>
    public T* Partials;

    /// <summary>Parts of the segments that are summed apart.</summary>
    public int Splits;
}

/// <summary>Sum over tiles of inputs times cotangents at each point; a chunk is a part of the segments.</summary>
internal readonly unsafe struct WinogradGradientJob<TVector, T>(WinogradGradientWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gap = 16;

    public void Run(int chunk)
    {
        WinogradShape shape = work.Shape;
        int pitch = shape.ChannelPitch, outputPitch = shape.OutputPitch;
        PaddedImage form = shape.InputForm;
        nint step = ((nint)shape.ChunkTiles * pitch) + Gap, outputStep = ((nint)shape.ChunkTiles * outputPitch) + Gap;
        nint places = (nint)shape.SegmentTiles * shape.Size * shape.Size;
        nint copySize = nint.Max((nint)form.RowsFor(shape.BlockRows) * form.Columns * pitch, places * outputPitch);
        T* points = ScratchMemory.Take<T>((WinogradShape.Products * (step + outputStep)) + copySize);
        T* cotangents = points + (WinogradShape.Products * step), copy = cotangents + (WinogradShape.Products * outputStep);
        TileOperands<T> operands = new()
        {
            A = points,
            RowStrideA = 1,
            StepA = pitch,
            B = cotangents,
            StepB = outputPitch,
            C = work.Partials + (chunk * (nint)shape.FactorLength),
            StrideC = outputPitch,
        };
        int first = (int)((long)chunk * shape.Segments / work.Splits), count;
        int last = (int)((long)(chunk + 1) * shape.Segments / work.Splits);
        if (first == last)
        {
            // An empty batch has no product that would write the sums.
            new Span<T>(operands.C, shape.FactorLength).Clear();
        }

        for (; first < last; first += count)
        {
            count = Math.Min(shape.Together, last - first);
            for (int segment = 0; segment < count; segment++)
            {
                nint tile = (nint)segment * shape.SegmentTiles;
                Transform(
                    first + segment, form, copy, new(points + (tile * pitch), step), new(cotangents + (tile * outputPitch), outputStep));
            }

            operands.Depth = (nint)count * shape.SegmentTiles;
            WinogradProducts.Run<TVector, T>(operands, shape.Channels, outputPitch, (step, outputStep, (nint)shape.Channels * outputPitch));
            operands.Add = true;
        }
    }

    /// <summary>Inputs and cotangents of a segment to points.</summary>
    private void Transform(int segment, PaddedImage form, T* copy, PointRows<T> points, PointRows<T> cotangents)
    {
        WinogradShape shape = work.Shape;
        (int image, int block) = Math.DivRem(segment, shape.Blocks);
        int row = block * shape.BlockRows * shape.Size, pitch = shape.ChannelPitch, outputPitch = shape.OutputPitch;
        T* x = work.X + ((nint)image * shape.Channels * shape.Height * shape.Width);
        T* g = work.G + ((nint)image * shape.Outputs * shape.OutHeight * shape.OutWidth);
        ChannelsLast.Gather<TVector, T>(x, form, row - shape.PaddingTop, form.RowsFor(shape.BlockRows), copy, pitch);
        WinogradTiles.Inputs<TVector, T>(shape, copy, form.Columns, points);
        PaddedImage results = new()
        {
            Channels = shape.Outputs,
            Height = shape.OutHeight,
            Width = shape.OutWidth,
            Columns = shape.TileColumns * shape.Size,
        };
        ChannelsLast.Gather<TVector, T>(g, results, row, shape.BlockRows * shape.Size, copy, outputPitch);
        WinogradTiles.Cotangents<TVector, T>(shape, copy, results.Columns, cotangents);
    }
}

/// <summary>Adds the partial sums in order and turns them into weights; a chunk is one channel.</summary>
internal readonly unsafe struct WinogradGradientSum<TVector, T>(WinogradGradientWork<T> work, T* target, bool accumulate) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _target = target;

    [MethodImpl(Drive.Loop)]
    public void Run(int chunk)
    {
        const int Points = WinogradShape.Points, Products = WinogradShape.Products;
        WinogradShape shape = work.Shape;
        int kernel = shape.Kernel, taps = kernel * kernel, vectors = TVector.Count;
        nint step = (nint)shape.Channels * shape.OutputPitch, outputStep = (nint)shape.Channels * taps;
        T* sums = stackalloc T[Products * TVector.Count], middle = stackalloc T[Products * TVector.Count];
        for (int output = 0; output < shape.OutputPitch; output += TVector.Count)
        {
            T* partial = work.Partials + ((nint)chunk * shape.OutputPitch) + output;
            for (int point = 0; point < Products; point++)
            {
                TVector sum = TVector.Load(partial + (point * step));
                for (int split = 1; split < work.Splits; split++)
                    sum += TVector.Load(partial + (point * step) + (split * (nint)shape.FactorLength));
                TVector.Store(sum, sums + (point * TVector.Count));
            }

            for (int j = 0; j < Points; j++)
            {
                WinogradTransforms.WeightCotangents<TVector, T>(
                    kernel, sums + (j * vectors), Points * vectors, middle + (j * vectors), Points * vectors);
            }

            for (int i = 0; i < kernel; i++)
            {
                WinogradTransforms.WeightCotangents<TVector, T>(
                    kernel, middle + (i * Points * vectors), vectors, sums + (i * kernel * vectors), vectors);
            }

            T* to = _target + (output * outputStep) + (chunk * (nint)taps);
            for (int vector = 0; vector < Math.Min(TVector.Count, shape.Outputs - output); vector++, to += outputStep)
            {
                for (int tap = 0; tap < taps; tap++)
                    to[tap] = accumulate ? to[tap] + sums[(tap * TVector.Count) + vector] : sums[(tap * TVector.Count) + vector];
            }
        }
    }
}
