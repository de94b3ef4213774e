using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Runs a recurrent cell over all time steps.</summary>
/// <remarks>
/// Sequences do not depend on each other, so a chunk of work is some sequences over the whole time, forward or backward, and threads meet
/// once in a scan instead of twice in a step. Where the weight is larger than a core's cache all sequences are one chunk, and the threads
/// share the product of each step instead, so that each reads a part of the weight only. The cut changes no bit: a row of a product is
/// rounded alike in any chunk.
/// </remarks>
internal static unsafe class RecurrentScan
{
    /// <summary>Sequences of a chunk at least: the rows of a tall tile of the matrix product.</summary>
    private const int FewestRows = 8;

    /// <summary>Operations that pay for handing a chunk to another thread; an elementwise gate counts as
    /// <see cref="GateOperations"/>.</summary>
    private const double ChunkOperations = 2e6, GateOperations = 60;

    /// <summary>Largest weight, in bytes, that stays in a core's second cache beside the rows in use.</summary>
    private const long CacheBytes = 600_000;

    /// <summary>Gates, memories and states of all steps.</summary>
    /// <param name="cell">What is computed in each step.</param>
    /// <param name="memory">The memory.</param>
    public static void Forward<T>(RecurrentCell cell, in ScanMemory<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (cell)
        {
            case RecurrentCell.Tanh: Run(new ForwardJob<T, TanhCell<T>>(memory), memory); break;
            case RecurrentCell.Relu: Run(new ForwardJob<T, ReluCell<T>>(memory), memory); break;
            case RecurrentCell.Lstm: Run(new ForwardJob<T, LstmCell<T>>(memory), memory); break;
            default: Run(new ForwardJob<T, GruCell<T>>(memory), memory); break;
        }
    }

    /// <summary>Cotangents of the gates of all steps and of the initial state.</summary>
    /// <param name="cell">What was computed in each step.</param>
    /// <param name="memory">The memory.</param>
    public static void Backward<T>(RecurrentCell cell, in ScanMemory<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (cell)
        {
            case RecurrentCell.Tanh: Run(new BackwardJob<T, TanhCell<T>>(memory), memory); break;
            case RecurrentCell.Relu: Run(new BackwardJob<T, ReluCell<T>>(memory), memory); break;
            case RecurrentCell.Lstm: Run(new BackwardJob<T, LstmCell<T>>(memory), memory); break;
            default: Run(new BackwardJob<T, GruCell<T>>(memory), memory); break;
        }
    }

    /// <summary>Sequences of a chunk.</summary>
    internal static int RowsOfChunk<T>(in ScanMemory<T> memory)
        where T : unmanaged
    {
        if ((long)memory.Units * memory.Columns * sizeof(T) > CacheBytes)
            return Math.Max(1, memory.Batch);

        double operations = (double)memory.Time * memory.Columns * ((2.0 * memory.Units) + GateOperations);
        int chunks = Math.Max(1, memory.Batch / (int)Math.Clamp(ChunkOperations / operations, FewestRows, int.MaxValue));
        return Math.Max(1, (memory.Batch + chunks - 1) / chunks);
    }

    private static void Run<T, TJob>(TJob job, in ScanMemory<T> memory)
        where T : unmanaged
        where TJob : unmanaged, IParallelJob => WorkerTeam.Run(ref job, Chunks.Count(memory.Batch, RowsOfChunk(memory)));

    private static (int First, int Rows) Rows<T>(int chunk, in ScanMemory<T> memory)
        where T : unmanaged
    {
        int rows = RowsOfChunk(memory);
        return (chunk * rows, Math.Min(rows, memory.Batch - (chunk * rows)));
    }

    private readonly struct ForwardJob<T, TCell>(in ScanMemory<T> memory) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T>
    {
        private readonly ScanMemory<T> _memory = memory;

        public void Run(int chunk)
        {
            (int first, int rows) = Rows(chunk, _memory);
            (int units, int columns) = (_memory.Units, _memory.Columns);
            Matrix<T> weight = new(_memory.Weight, units, columns, columns, 1);
            bool apart = _memory.Products != null;
            Epilogue<T> epilogue = new() { Accumulate = !apart, Bias = _memory.Bias };
            for (int step = 0; step < _memory.Time; step++)
            {
                CellStep<T> cell = _memory.At(step, first, rows);
                T* input = _memory.Input + (cell.Gates - _memory.Gates);
                long bytes = (long)rows * columns * sizeof(T);
                Buffer.MemoryCopy(input, cell.Gates, bytes, bytes);
                MatMul.Multiply(
                    new(cell.HiddenBefore, rows, units, units, 1), weight, apart ? cell.Recurrent : cell.Gates, columns, epilogue);
                CellRows.Forward<T, TCell>(cell);
            }
        }
    }

    private readonly struct BackwardJob<T, TCell>(in ScanMemory<T> memory) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCell : unmanaged, IRecurrentCell<T>
    {
        private readonly ScanMemory<T> _memory = memory;

        public void Run(int chunk)
        {
            (int first, int rows) = Rows(chunk, _memory);
            (int units, int columns) = (_memory.Units, _memory.Columns);
            Matrix<T> weight = new(_memory.Weight, columns, units, units, 1);
            for (int step = _memory.Time - 1; step >= 0; step--)
            {
                CellStep<T> cell = _memory.At(step, first, rows);
                T* hidden = cell.HiddenGradient, arriving = _memory.StateGradients + (cell.Hidden - _memory.States);
                Zip.Run(new Add<T>(), hidden, arriving, hidden, (nint)rows * units);
                CellRows.Backward<T, TCell>(cell);
                T* products = cell.RecurrentGradients == null ? cell.GateGradients : cell.RecurrentGradients;
                MatMul.Multiply(new(products, rows, columns, columns, 1), weight, hidden, units, new Epilogue<T> { Accumulate = true });
            }
        }
    }
}
