using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Products of factors by images as they lie; a chunk is a block of places of an image and group.</summary>
internal unsafe struct PointwiseJob<TVector, T>(PointwiseWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PointwiseWork<T> _work = work;

    public readonly void Run(int chunk)
    {
        int index = chunk / _work.Blocks, group = index % _work.Groups, first = chunk % _work.Blocks * _work.BlockPositions;
        int width = Math.Min(_work.BlockPositions, _work.Places - first), panel = 2 * TVector.Count;
        int padded = (width + panel - 1) / panel * panel;
        T* source = _work.Source + ((nint)index * _work.Depth * _work.Places) + first;
        T* target = _work.Target + ((nint)index * _work.Results * _work.Places) + first;
        nint panelSize = (nint)Math.Min(_work.Depth, TapPanel.MaximumDepth) * padded;
        T* panels = ScratchMemory.Take<T>(panelSize + (TileKernel.MaximumHeight * panel));
        TileOperands<T> operands = new()
        {
            RowStrideA = _work.ResultStride,
            StepA = _work.DepthStride,
            StepB = panel,
            Add = _work.Accumulate,
        };
        for (int k = 0; k < _work.Depth; k += TapPanel.MaximumDepth, operands.Add = true)
        {
            int depth = Math.Min(TapPanel.MaximumDepth, _work.Depth - k);
            Pack(source + ((nint)k * _work.Places), depth, width, panels);
            operands.A = _work.Factors + (group * _work.GroupStride) + (k * _work.DepthStride);
            operands.Depth = depth;
            RunBlock(operands, width, panels, target);
        }

        Finish(group, target, width);
    }

    /// <summary>Copies some places of some channels to panels <c>[depth, panel]</c>, one after the other.</summary>
    [MethodImpl(Drive.Loop)]
    private readonly void Pack(T* source, int depth, int width, T* panels)
    {
        int panel = 2 * TVector.Count, whole = width / panel * panel;
        nint step = (nint)depth * panel;
        for (int k = 0; k < depth; k++, source += _work.Places, panels += panel)
        {
            T* to = panels;
            for (int j = 0; j < whole; j += panel, to += step)
            {
                TVector.Store(TVector.Load(source + j), to);
                TVector.Store(TVector.Load(source + j + TVector.Count), to + TVector.Count);
            }

            if (whole < width)
            {
                // What the sums of the places beyond read must be some number, and is of no account.
                new ReadOnlySpan<T>(source + whole, width - whole).CopyTo(new Span<T>(to, panel));
                new Span<T>(to + width - whole, panel - width + whole).Clear();
            }
        }
    }

    /// <summary>All results at the places of the panels.</summary>
    [MethodImpl(Drive.Loop)]
    private readonly void RunBlock(TileOperands<T> operands, int width, T* panels, T* target)
    {
        int panel = 2 * TVector.Count, height;
        T* a = operands.A, scratch = panels + (operands.Depth * ((width + panel - 1) / panel * panel));
        bool add = operands.Add;
        for (int j = 0; j < width; j += panel)
        {
            bool whole = width - j >= panel;
            operands.A = a;
            operands.B = panels + (operands.Depth * j);
            operands.Add = add && whole;
            operands.StrideC = whole ? _work.Places : panel;
            for (int row = 0; row < _work.Results; row += height, operands.A += height * operands.RowStrideA)
            {
                height = TileKernel.Height(_work.Results - row, sizeof(TVector) == 64);
                T* position = target + ((nint)row * _work.Places) + j;
                operands.C = whole ? position : scratch;
                TileKernel.RunTwoVectors<TVector, T>(height, operands);
                if (!whole)
                    TileCopy.Rows(new Matrix<T>(scratch, height, width - j, panel, 1), position, _work.Places, add);
            }
        }
    }

    /// <summary>Bias and activation of the places of the chunk, while they are in the cache.</summary>
    private readonly void Finish(int group, T* target, int width)
    {
        if (_work.Bias == null && !_work.Relu)
            return;
        T* bias = _work.Bias == null ? null : _work.Bias + (group * _work.Results);
        for (int result = 0; result < _work.Results; result++, target += _work.Places)
            TapPanel.Finish(bias == null ? T.Zero : bias[result], _work.Relu, target, width);
    }
}
