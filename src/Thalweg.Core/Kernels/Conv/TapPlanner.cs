using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Turns a convolution, or its transpose, into <see cref="TapWork{T}"/>: image form, phases, offsets and factors.</summary>
internal static unsafe class TapPlanner
{
    /// <summary>Elements of an image copy that a chunk makes at most, where an image can be cut: fits the second cache.</summary>
    private const int MaximumCopy = 1 << 17;

    /// <summary>Chunks that a job should have, where it has work for them.</summary>
    private const int WantedChunks = 16;

    /// <summary>Results that a chunk computes at least.</summary>
    private const int LeastResults = 256;

    /// <summary>Elements of <c>int</c> memory that <see cref="Correlation"/> or <see cref="Transposition"/> needs.</summary>
    public static int PlanLength<T>(in ConvolutionShape shape, bool transposed)
        where T : unmanaged
    {
        int phases = transposed ? shape.StrideHeight * shape.StrideWidth : 1;
        int channels = transposed ? shape.GroupOutputs : shape.GroupChannels;
        return (phases * sizeof(TapPhase<T>) / sizeof(int)) + (channels * shape.Taps);
    }

    /// <summary>y from x: the factors are the weights as they lie.</summary>
    public static TapWork<T> Correlation<T>(in ConvolutionShape shape, T* x, T* w, T* y, int* plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TapWork<T> work = new()
        {
            Source = x,
            Target = y,
            Batch = shape.Batch,
            Groups = shape.Groups,
            Results = shape.GroupOutputs,
            TargetHeight = shape.OutHeight,
            TargetWidth = shape.OutWidth,
            RowStep = 1,
            ColumnStep = 1,
            PhaseCount = 1,
            Phases = (TapPhase<T>*)plan,
            Depth = shape.GroupChannels * shape.Taps,
            Form = CorrelationForm(shape),
        };
        Cut(ref work, shape.OutHeight, shape.OutWidth);
        int* offsets = (int*)(work.Phases + 1);
        *work.Phases = new() { Weights = w, Offsets = offsets, Depth = work.Depth, Rows = shape.OutHeight, Columns = shape.OutWidth };
        FillOffsets(shape, work, offsets);
        return work;
    }

    /// <summary>
    /// x from y, the transpose of <see cref="Correlation"/>: results that share a remainder modulo the stride share their taps.
    /// </summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="g">What takes the place of y.</param>
    /// <param name="w">The weights.</param>
    /// <param name="x">The results.</param>
    /// <param name="plan">Memory for the plan, and for as many factors as there are weights.</param>
    public static TapWork<T> Transposition<T>(in ConvolutionShape shape, T* g, T* w, T* x, TapMemory<T> plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TapAxis rows = new(shape.StrideHeight, shape.PaddingTop, shape.DilationHeight, shape.KernelHeight);
        TapAxis columns = new(shape.StrideWidth, shape.PaddingLeft, shape.DilationWidth, shape.KernelWidth);
        int gridRows = (shape.Height + rows.Stride - 1) / rows.Stride, gridColumns = (shape.Width + columns.Stride - 1) / columns.Stride;
        TapWork<T> work = new()
        {
            Source = g,
            Target = x,
            Batch = shape.Batch,
            Groups = shape.Groups,
            Results = shape.GroupChannels,
            TargetHeight = shape.Height,
            TargetWidth = shape.Width,
            RowStep = rows.Stride,
            ColumnStep = columns.Stride,
            PhaseCount = rows.Stride * columns.Stride,
            Phases = (TapPhase<T>*)plan.Plan,
            Form = TranspositionForm(shape, rows, columns, gridColumns),
        };
        Cut(ref work, gridRows, gridColumns);
        FillPhases(shape, ref work, (rows, columns), w, plan.Factors);
        return work;
    }

    /// <summary>How images are copied for <see cref="Correlation"/>.</summary>
    private static PaddedImage CorrelationForm(in ConvolutionShape shape) => new()
    {
        Channels = shape.GroupChannels,
        Height = shape.Height,
        Width = shape.Width,
        FirstRow = -shape.PaddingTop,
        RowStep = shape.StrideHeight,
        Span = ((shape.KernelHeight - 1) * shape.DilationHeight) + 1,
        FirstColumn = -shape.PaddingLeft,
        Remainders = shape.StrideWidth,
        Columns = shape.OutWidth + ((shape.KernelWidth - 1) * shape.DilationWidth / shape.StrideWidth),
    };

    /// <summary>How images are copied for <see cref="Transposition"/>.</summary>
    private static PaddedImage TranspositionForm(in ConvolutionShape shape, TapAxis rows, TapAxis columns, int gridColumns) => new()
    {
        Channels = shape.GroupOutputs,
        Height = shape.OutHeight,
        Width = shape.OutWidth,
        FirstRow = rows.Least,
        RowStep = 1,
        Span = rows.Most - rows.Least + 1,
        FirstColumn = columns.Least,
        Remainders = 1,
        Columns = gridColumns + columns.Most - columns.Least,
    };

    /// <summary>Places of the inputs of a result of <see cref="Correlation"/>.</summary>
    private static void FillOffsets<T>(in ConvolutionShape shape, in TapWork<T> work, int* offsets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pitch = work.Form.Pitch, plane = work.Form.RowsFor(work.BlockRows) * pitch;
        for (int c = 0; c < shape.GroupChannels; c++)
        {
            for (int i = 0; i < shape.KernelHeight; i++)
            {
                for (int j = 0; j < shape.KernelWidth; j++)
                {
                    int column = j * shape.DilationWidth;
                    *offsets++ = (c * plane) + (i * shape.DilationHeight * pitch)
                        + (column % shape.StrideWidth * work.Form.Columns) + (column / shape.StrideWidth);
                }
            }
        }
    }

    /// <summary>The grids of <see cref="Transposition"/>, one for each pair of remainders.</summary>
    private static void FillPhases<T>(
        in ConvolutionShape shape, ref TapWork<T> work, (TapAxis Rows, TapAxis Columns) axes, T* w, T* factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (TapAxis rows, TapAxis columns) = axes;
        int* offsets = (int*)(work.Phases + work.PhaseCount);
        TapPhase<T>* phase = work.Phases;
        for (int r = 0; r < rows.Stride; r++)
        {
            for (int c = 0; c < columns.Stride; c++, phase++)
            {
                int depth = shape.GroupOutputs * rows.Count(r) * columns.Count(c);
                *phase = new()
                {
                    Weights = factors,
                    Offsets = offsets,
                    Depth = depth,
                    TargetRow = r,
                    TargetColumn = c,
                    Rows = (shape.Height - r + rows.Stride - 1) / rows.Stride,
                    // Two phases are written together; the last column of the second may lie outside.
                    Columns = (shape.Width - (columns.Stride == 2 ? 0 : c) + columns.Stride - 1) / columns.Stride,
                };
                work.Depth = Math.Max(work.Depth, depth);
                FillPhase(shape, work, (rows, r), (columns, c), *phase, w);
                offsets += depth;
                factors += (nint)depth * shape.Channels;
            }
        }
    }

    private static void FillPhase<T>(
        in ConvolutionShape shape, in TapWork<T> work, (TapAxis Axis, int Remainder) rows, (TapAxis Axis, int Remainder) columns,
        in TapPhase<T> phase, T* w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pitch = work.Form.Pitch, plane = work.Form.RowsFor(work.BlockRows) * pitch, k = 0;
        for (int i = 0; i < shape.KernelHeight; i++)
        {
            for (int j = 0; j < shape.KernelWidth; j++)
            {
                if (!rows.Axis.Meets(rows.Remainder, i) || !columns.Axis.Meets(columns.Remainder, j))
                    continue;
                int position = ((rows.Axis.Shift(rows.Remainder, i) - rows.Axis.Least) * pitch) +
                    columns.Axis.Shift(columns.Remainder, j) - columns.Axis.Least;
                for (int o = 0; o < shape.GroupOutputs; o++)
                    phase.Offsets[k + o] = (o * plane) + position;
                CopyTap(shape, w + (i * shape.KernelWidth) + j, phase.Weights + k, phase.Depth);
                k += shape.GroupOutputs;
            }
        }
    }

    /// <summary>
    /// The weights of one tap, from [groups, outputs, channels, taps] to [groups, channels, depth], where outputs lie side by side.
    /// </summary>
    private static void CopyTap<T>(in ConvolutionShape shape, T* w, T* target, int depth)
        where T : unmanaged
    {
        nint step = (nint)shape.GroupChannels * shape.Taps;
        for (int group = 0; group < shape.Groups; group++, w += shape.GroupOutputs * step)
        {
            for (int channel = 0; channel < shape.GroupChannels; channel++, target += depth)
            {
                T* source = w + ((nint)channel * shape.Taps);
                for (int o = 0; o < shape.GroupOutputs; o++, source += step)
                    target[o] = *source;
            }
        }
    }

    /// <summary>
    /// Cuts images into blocks of rows: where the copy would be too large, or where the batch is too small to keep threads busy.
    /// </summary>
    private static void Cut<T>(ref TapWork<T> work, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rowSize = Math.Max(1, work.Form.Channels * work.Form.Pitch * work.Form.RowStep);
        int blockRows = Math.Max(1, (MaximumCopy / rowSize) - (work.Form.Span / work.Form.RowStep));
        int wanted = Math.Max(1, WantedChunks / Math.Max(1, work.Batch));
        blockRows = Math.Min(blockRows, Math.Max((rows + wanted - 1) / wanted, (LeastResults + columns - 1) / Math.Max(1, columns)));
        work.Blocks = Math.Max(1, (rows + blockRows - 1) / blockRows);
        work.BlockRows = Math.Max(1, (rows + work.Blocks - 1) / work.Blocks);
        work.Blocks = Math.Max(1, (rows + work.BlockRows - 1) / work.BlockRows);
    }
}

/// <summary>Memory that <see cref="TapPlanner.Transposition"/> fills.</summary>
/// <param name="plan">As much as <see cref="TapPlanner.PlanLength"/> says.</param>
/// <param name="factors">As many factors as there are weights.</param>
internal readonly unsafe struct TapMemory<T>(int* plan, T* factors)
    where T : unmanaged
{
    public readonly int* Plan = plan;

    public readonly T* Factors = factors;
}
