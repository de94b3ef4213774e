using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Runs the elementwise part of a recurrent cell over all rows of a time step.</summary>
internal static unsafe class CellRows
{
    /// <summary>Gate values of one chunk: each costs an exponential, so that a chunk takes microseconds.</summary>
    private const int ChunkLength = 8192;

    /// <summary>Gates to state.</summary>
    public static void Forward<T, TCell>(in CellStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T> => Run<T, TCell>(VectorWidths.Best, step, isBackward: false);

    /// <summary>Cotangents of the state to those of the gates.</summary>
    public static void Backward<T, TCell>(in CellStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T> => Run<T, TCell>(VectorWidths.Best, step, isBackward: true);

    /// <summary>Either at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T, TCell>(VectorWidth width, in CellStep<T> step, bool isBackward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T>
    {
        Job<T, TCell> job = new(width, step, isBackward);
        WorkerTeam.Run(ref job, Chunks.Count(job.Rows, job.RowsOfChunk));
    }

    private readonly struct Job<T, TCell>(VectorWidth width, in CellStep<T> step, bool isBackward) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T>
    {
        private readonly CellStep<T> _step = step;

        public int Rows => _step.Rows;

        public int RowsOfChunk => Math.Max(1, ChunkLength / Math.Max(1, _step.Units * _step.GateCount));

        public void Run(int chunk)
        {
            int first = chunk * RowsOfChunk, last = Math.Min(first + RowsOfChunk, Rows);
            for (int row = first; row < last; row++)
            {
                if (_step.Lengths != null && _step.Time >= _step.Lengths[row])
                    Keep(row);
                else
                    RunRow(row);
            }
        }

        private void RunRow(int row)
        {
            CellRow<T> of = new(width, _step, row);
            if (isBackward)
                TCell.Backward(of);
            else
                TCell.Forward(of);
        }

        /// <summary>Past the end of its sequence a row keeps its state, and its gates take no part.</summary>
        private void Keep(int row)
        {
            int units = _step.Units, gates = units * _step.GateCount;
            nint unit = (nint)row * units, gate = unit * _step.GateCount;
            if (isBackward)
            {
                new Span<T>(_step.GateGradients + gate, gates).Clear();
                if (_step.RecurrentGradients != null)
                    new Span<T>(_step.RecurrentGradients + gate, gates).Clear();

                return;
            }

            new Span<T>(_step.HiddenBefore + unit, units).CopyTo(new Span<T>(_step.Hidden + unit, units));
            if (_step.Memory != null)
                new Span<T>(_step.MemoryBefore + unit, units).CopyTo(new Span<T>(_step.Memory + unit, units));
        }
    }
}
