using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What the weight gradient works on; see <see cref="WeightGradientJob{TVector,T}"/>.</summary>
internal unsafe struct WeightGradientWork<T>
    where T : unmanaged
{
    public ConvolutionShape Shape;

    /// <summary>x <c>[N, C, H, W]</c> and the cotangent of y <c>[N, O, OH, OW]</c>.</summary>
    public T* X, G;

    /// <summary>Partial sums <c>[splits, O, KH, KW, C / G]</c>.</summary>
    public T* Partials;

    /// <summary>Parts of the batch that are summed apart, and parts of the outputs of a group.</summary>
    public int Splits, OutputBlocks;

    /// <summary>Rows of y that are summed at a time: their inputs fit the second cache.</summary>
    public int BlockRows;

    /// <summary>Whether windows are copied side by side; see <see cref="WindowRows"/>.</summary>
    public bool WholeWindows;

    /// <summary>Elements of one partial sum.</summary>
    public readonly nint Size => (nint)Shape.Outputs * Shape.Taps * Shape.GroupChannels;
}

/// <summary>
/// Sum over images and places of the cotangent times the input that each tap sees; a chunk is a part of the batch and of the outputs.
/// </summary>
/// <remarks>
/// The image copy has its channels last, so the inputs of a row of taps lie side by side: they are the right factor as it lies, the
/// cotangent is the left one, and nothing else is copied, unless a row of taps fills too little of a vector.
/// </remarks>
internal unsafe struct WeightGradientJob<TVector, T>(WeightGradientWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WeightGradientWork<T> _work = work;

    public readonly int Chunks => _work.Splits * _work.OutputBlocks;

    public readonly void Run(int chunk)
    {
        ConvolutionShape shape = _work.Shape;
        int split = chunk / _work.OutputBlocks, block = chunk % _work.OutputBlocks;
        int rows = (shape.GroupOutputs + _work.OutputBlocks - 1) / _work.OutputBlocks, first = block * rows;
        rows = Math.Min(rows, shape.GroupOutputs - first);
        nint depth = (nint)shape.Taps * shape.GroupChannels;
        T* partial = _work.Partials + (split * _work.Size);
        PaddedImage form = new()
        {
            Channels = shape.GroupChannels,
            Height = shape.Height,
            Width = shape.Width,
            RowStep = shape.StrideHeight,
            Span = ((shape.KernelHeight - 1) * shape.DilationHeight) + 1,
            FirstColumn = -shape.PaddingLeft,
            Remainders = 1,
            Columns = ((shape.OutWidth - 1) * shape.StrideWidth) + ((shape.KernelWidth - 1) * shape.DilationWidth) + 1,
        };
        nint copySize = (nint)form.RowsFor(_work.BlockRows) * form.Columns * form.Channels;
        nint windows = _work.WholeWindows ? (nint)_work.BlockRows * shape.OutWidth * WindowRows.Pitch(shape) : 0;
        T* copy = ScratchMemory.Take<T>(copySize + TapPanel.Slack + CacheLine.Size + windows + TapPanel.Slack);
        new Span<T>(copy + copySize, TapPanel.Slack).Clear();
        for (int group = 0; group < shape.Groups && rows > 0; group++)
            new Span<T>(partial + (((group * shape.GroupOutputs) + first) * depth), (int)(rows * depth)).Clear();

        int last = (int)((long)(split + 1) * shape.Batch / _work.Splits);
        for (int image = (int)((long)split * shape.Batch / _work.Splits); image < last; image++)
        {
            for (int group = 0; group < shape.Groups && rows > 0; group++)
            {
                int output = (group * shape.GroupOutputs) + first;
                T* x = _work.X + ((((nint)image * shape.Channels) + (group * shape.GroupChannels)) * shape.Height * shape.Width);
                T* g = _work.G + ((((nint)image * shape.Outputs) + output) * shape.OutHeight * shape.OutWidth);
                AddImage(form, x, g, copy, partial + (output * depth), rows);
            }
        }
    }

    /// <summary>Adds one group of one image.</summary>
    private readonly void AddImage(in PaddedImage form, T* x, T* g, T* copy, T* partial, int outputs)
    {
        ConvolutionShape shape = _work.Shape;
        for (int row = 0; row < shape.OutHeight; row += _work.BlockRows)
        {
            int rows = Math.Min(_work.BlockRows, shape.OutHeight - row);
            ChannelsLast.Gather<TVector, T>(
                x, form, (row * shape.StrideHeight) - shape.PaddingTop, form.RowsFor(rows), copy, form.Channels);
            if (_work.WholeWindows)
            {
                AddWindows(form, g + ((nint)row * shape.OutWidth), copy, rows, partial, outputs);
                continue;
            }

            RowTileOperands<T> operands = new()
            {
                A = g + ((nint)row * shape.OutWidth),
                RowStrideA = (nint)shape.OutHeight * shape.OutWidth,
                StepB = (nint)shape.StrideWidth * form.Channels,
                RowStepB = (nint)shape.StrideHeight * form.Columns * form.Channels,
                StrideC = (nint)shape.Taps * form.Channels,
                Rows = rows,
                Columns = shape.OutWidth,
            };
            // Neighboring taps see neighboring inputs unless they are dilated.
            int together = shape.DilationWidth == 1 ? shape.KernelWidth : 1;
            for (int i = 0; i < shape.KernelHeight; i++)
            {
                for (int j = 0; j < shape.KernelWidth; j += together)
                {
                    operands.B =
                        copy + ((((nint)i * shape.DilationHeight * form.Columns) + ((nint)j * shape.DilationWidth)) * form.Channels);
                    operands.C = partial + (((nint)i * shape.KernelWidth) + j) * form.Channels;
                    AddTaps(operands, together * form.Channels, outputs);
                }
            }
        }
    }

    /// <summary>Adds some rows of whole windows for all outputs.</summary>
    private readonly void AddWindows(in PaddedImage form, T* g, T* copy, int rows, T* partial, int outputs)
    {
        ConvolutionShape shape = _work.Shape;
        nint copyRow = (nint)form.Columns * form.Channels;
        T* windows = CacheLine.Align<T>(copy + (form.RowsFor(_work.BlockRows) * copyRow) + TapPanel.Slack);
        WindowRows.Pack<TVector, T>(copy, copyRow, shape, rows, windows);
        int depth = shape.Taps * form.Channels;
        RowTileOperands<T> operands = new()
        {
            A = g,
            RowStrideA = (nint)shape.OutHeight * shape.OutWidth,
            B = windows,
            StepB = WindowRows.Pitch(shape),
            C = partial,
            StrideC = depth,
            Rows = 1,
            Columns = rows * shape.OutWidth,
        };
        AddTaps(operands, depth, outputs);
    }

    /// <summary>Adds to taps that lie side by side for all outputs.</summary>
    [MethodImpl(Drive.Loop)]
    private readonly void AddTaps(RowTileOperands<T> operands, int width, int outputs)
    {
        T* scratch = stackalloc T[12 * TapPanel.MaximumWidth];
        T* b = operands.B, c = operands.C;
        nint strideC = operands.StrideC;
        int height, part;
        for (int row = 0; row < outputs; row += height, operands.A += height * operands.RowStrideA)
        {
            height = TileKernel.Height(outputs - row, sizeof(TVector) == 64);
            for (int column = 0; column < width; column += part)
            {
                part = Math.Min(2 * TVector.Count, width - column);
                int vectors = part > TVector.Count ? 2 : 1, panel = vectors * TVector.Count;
                T* target = c + (row * strideC) + column;
                bool whole = part == panel;
                operands.B = b + column;
                operands.C = whole ? target : scratch;
                operands.StrideC = whole ? strideC : panel;
                operands.Add = whole;
                RowTileKernel.Run<TVector, T>(height, vectors, operands);
                if (!whole)
                    TileCopy.Rows(new Matrix<T>(scratch, height, part, panel, 1), target, strideC, add: true);
            }
        }
    }
}

/// <summary>Adds the partial sums in order and arranges them as weights; a chunk is one output.</summary>
internal unsafe struct WeightGradientSum<T>(WeightGradientWork<T> work, T* target, bool accumulate) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly void Run(int chunk)
    {
        int taps = work.Shape.Taps, channels = work.Shape.GroupChannels;
        nint depth = (nint)taps * channels;
        T* total = work.Partials + (chunk * depth), to = target + (chunk * depth);
        for (int split = 1; split < work.Splits; split++)
            Zip.RunChunk(VectorWidths.Best, new Add<T>(), total, total + (split * work.Size), total, depth);
        for (int tap = 0; tap < taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++, total++)
            {
                T* position = to + ((nint)channel * taps) + tap;
                *position = accumulate ? *position + *total : *total;
            }
        }
    }
}
