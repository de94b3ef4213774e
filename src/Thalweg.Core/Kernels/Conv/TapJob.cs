using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What a <see cref="TapJob{TVector,T}"/> works on: results are weighted sums of inputs at fixed distances, for each
/// image and group.</summary>
internal unsafe struct TapWork<T>
    where T : unmanaged
{
    /// <summary>Images <c>[batch, groups, channels, height, width]</c>.</summary>
    public T* Source;

    /// <summary>How an image is copied.</summary>
    public PaddedImage Form;

    /// <summary>Grids of results.</summary>
    public TapPhase<T>* Phases;

    public int PhaseCount, Batch, Groups;

    /// <summary>Results <c>[batch, groups, results, height, width]</c>.</summary>
    public T* Target;

    public int Results, TargetHeight, TargetWidth;

    /// <summary>Rows and columns of the target from one result of a grid to the next.</summary>
    public int RowStep, ColumnStep;

    /// <summary>One number per result that is added, or null; then negative results may become 0; the results may be added
    /// to the target.</summary>
    public T* Bias;

    public bool Relu, Accumulate;

    /// <summary>Rows of the grids that a chunk computes, and how many chunks an image has.</summary>
    public int BlockRows, Blocks;

    /// <summary>The largest depth of a phase.</summary>
    public int Depth;
}

/// <summary>Implicit matrix product over image copies; a chunk is some rows of one image.</summary>
internal unsafe struct TapJob<TVector, T>(TapWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TapWork<T> _work = work;

    public readonly void Run(int chunk)
    {
        int image = chunk / _work.Blocks, firstRow = chunk % _work.Blocks * _work.BlockRows;
        int planeRows = _work.Form.RowsFor(_work.BlockRows);
        nint copySize = ((nint)_work.Form.Channels * planeRows * _work.Form.Pitch) + TapPanel.Slack;
        nint panelSize = (nint)((Math.Min(_work.Depth, TapPanel.MaximumDepth) + 1) * TapPanel.MaximumWidth) + TapPanel.Slack;
        nint foundSize = (nint)_work.Results * TapPanel.MaximumWidth * (_work.ColumnStep == 2 ? 2 : 1);
        T* copy = ScratchMemory.Take<T>(copySize + 16 + panelSize + foundSize);
        new Span<T>(copy + copySize - TapPanel.Slack, TapPanel.Slack).Clear();
        T* panel = copy + ((copySize + 15) & ~(nint)15);
        nint sourceSize = (nint)_work.Form.Channels * _work.Form.Height * _work.Form.Width;
        nint targetSize = (nint)_work.Results * _work.TargetHeight * _work.TargetWidth;
        for (int group = 0; group < _work.Groups; group++)
        {
            nint index = ((nint)image * _work.Groups) + group;
            ImageCopy.Pad(_work.Source + (index * sourceSize), _work.Form, _work.Form.FirstRow + (firstRow * _work.Form.RowStep), planeRows,
                copy, planeRows, T.Zero);
            for (int phase = 0; phase < _work.PhaseCount; phase += _work.ColumnStep == 2 ? 2 : 1)
                RunPhase(_work.Phases + phase, group, firstRow, copy, panel, _work.Target + (index * targetSize));
            Finish(group, firstRow, _work.Target + (index * targetSize));
        }
    }

    /// <summary>The results of a phase, or of two that lie in turns.</summary>
    private readonly void RunPhase(TapPhase<T>* phase, int group, int firstRow, T* copy, T* panel, T* target)
    {
        int rows = Math.Min(firstRow + _work.BlockRows, phase->Rows) - firstRow, count = rows * phase->Columns;
        target += ((nint)(phase->TargetRow + (firstRow * _work.RowStep)) * _work.TargetWidth) + phase->TargetColumn;
        T* found = panel + ((nint)(Math.Min(_work.Depth, TapPanel.MaximumDepth) + 1) * TapPanel.MaximumWidth) + TapPanel.Slack;
        int width;
        for (int first = 0; first < count; first += width)
        {
            width = Math.Min(2 * TVector.Count, count - first);
            int panelWidth = width > TVector.Count ? 2 * TVector.Count : TVector.Count;
            if (width == panelWidth && _work.RowStep == 1 && _work.ColumnStep == 1)
            {
                RunPanel(phase, group, (first, width), copy, panel, target + first, (nint)_work.TargetHeight * _work.TargetWidth);
                continue;
            }

            TapTargets<T> places = new()
            {
                Work = _work,
                Found = found,
                Stride = panelWidth,
                Target = target,
                Columns = phase->Columns,
                // An odd width has one column less in the second phase.
                LastIsSingle = _work.ColumnStep == 2 && 2 * phase->Columns > _work.TargetWidth,
            };
            if (_work.Accumulate)
                places.Move(first, width, write: false);
            for (int i = 0; i < (_work.ColumnStep == 2 ? 2 : 1); i++)
                RunPanel(phase + i, group, (first, width), copy, panel, places.FoundOf(i), panelWidth);
            places.Move(first, width, write: true);
        }
    }

    /// <summary>All results of a group at some neighboring places.</summary>
    [MethodImpl(Drive.Loop)]
    private readonly void RunPanel(TapPhase<T>* phase, int group, (int First, int Width) part, T* copy, T* panel, T* found, nint stride)
    {
        int vectors = part.Width > TVector.Count ? 2 : 1, panelWidth = vectors * TVector.Count;
        T* weights = phase->Weights + ((nint)group * _work.Results * phase->Depth);
        TapRun* runs = stackalloc TapRun[TapPanel.MaximumWidth];
        int count = TapPanel.FindRuns(phase->Columns, (nint)_work.Form.RowStep * _work.Form.Pitch, part.First, part.Width, runs);
        if (_work.Results < TapPanel.FewResults && count == 1 && phase->Depth <= TapPanel.MaximumDepth)
        {
            RunDirect(*phase, weights, copy + runs->Source, vectors, _work.Accumulate, found, stride);
            return;
        }

        bool asItLies = TapPanel.AreVectors(runs, count, TVector.Count);
        for (int k = 0; k == 0 || k < phase->Depth; k += TapPanel.MaximumDepth)
        {
            int depth = Math.Min(TapPanel.MaximumDepth, phase->Depth - k);
            TileOperands<T> operands = new()
            {
                A = weights + k,
                RowStrideA = phase->Depth,
                StepA = 1,
                B = panel,
                StepB = panelWidth,
                C = found,
                StrideC = stride,
                Depth = depth,
                Add = k > 0 || _work.Accumulate,
            };
            if (asItLies)
            {
                operands.B = copy + runs->Source;
                operands.Offsets = phase->Offsets + k;
                operands.RightVector = count == 2 ? runs[1].Source - runs->Source : TVector.Count;
            }
            else
            {
                TapPanel.Pack<TVector, T>(copy, phase->Offsets + k, depth, runs, count, panelWidth, panel);
            }

            RunTiles(vectors, operands);
        }
    }

    private readonly void RunTiles(int vectors, TileOperands<T> operands)
    {
        int height;
        for (int row = 0; row < _work.Results; row += height)
        {
            height = TileKernel.Height(_work.Results - row, sizeof(TVector) == 64);
            if (vectors == 2)
                TileKernel.RunTwoVectors<TVector, T>(height, operands);
            else
                TileKernel.RunOneVector<TVector, T>(height, operands);
            operands.A += height * operands.RowStrideA;
            operands.C += height * operands.StrideC;
        }
    }

    /// <summary>The same sums in the same order, with the inputs read where they lie.</summary>
    [MethodImpl(Drive.Loop)]
    private readonly void RunDirect(in TapPhase<T> phase, T* weights, T* image, int vectors, bool add, T* found, nint stride)
    {
        for (int row = 0; row < _work.Results; row++, weights += phase.Depth, found += stride)
        {
            TVector left = TVector.Splat(T.Zero), right = left;
            for (int k = 0; k < phase.Depth; k++)
            {
                T* source = image + phase.Offsets[k];
                TVector factor = TVector.Splat(weights[k]);
                left = TVector.Fma(factor, TVector.Load(source), left);
                if (vectors == 2)
                    right = TVector.Fma(factor, TVector.Load(source + TVector.Count), right);
            }

            TVector.Store(add ? TVector.Load(found) + left : left, found);
            if (vectors == 2)
                TVector.Store(add ? TVector.Load(found + TVector.Count) + right : right, found + TVector.Count);
        }
    }

    /// <summary>Bias and activation of the rows of the chunk, while they are in the cache.</summary>
    private readonly void Finish(int group, int firstRow, T* target)
    {
        if (_work.Bias == null && !_work.Relu)
            return;
        int first = firstRow * _work.RowStep, last = Math.Min((firstRow + _work.BlockRows) * _work.RowStep, _work.TargetHeight);
        nint plane = (nint)_work.TargetHeight * _work.TargetWidth, length = (nint)(last - first) * _work.TargetWidth;
        target += (nint)first * _work.TargetWidth;
        for (int result = 0; result < _work.Results; result++, target += plane)
        {
            T bias = _work.Bias == null ? T.Zero : _work.Bias[(group * _work.Results) + result];
            TapPanel.Finish(bias, _work.Relu, target, length);
        }
    }
}
