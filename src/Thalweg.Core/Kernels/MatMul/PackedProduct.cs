using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>A product whose right factor is copied to panels first, once for all chunks.</summary>
/// <remarks>
/// It serves large products, whose panels would come from memory row by row, and those whose right factor lies turned, which otherwise
/// each chunk turns for itself. The blocks of k are copied and used one after the other, so the copies stay small.
/// </remarks>
internal static unsafe class PackedProduct
{
    /// <summary>The most memory for panels: an eighth of the third cache, which others use as well; 4 MiB of 32.</summary>
    private static readonly int s_maximumBytes = (int)Math.Clamp(CacheSizes.Third / 8, 1 << 20, 16 << 20);

    /// <summary>C = activation([C +] L R + bias), or the same with (L R)^T.</summary>
    /// <param name="left">L [m, k].</param>
    /// <param name="right">R [k, n].</param>
    /// <param name="target">C, which overlaps neither factor.</param>
    public static void Run<TVector, T>(in Matrix<T> left, in Matrix<T> right, in ProductTarget<T> target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int block = MatMulPlan.BlockLength(left.Columns), panel = 2 * TVector.Count;
        int most = s_maximumBytes / sizeof(T) / block / panel * panel;
        // A factor that fills whole panels is read where it lies if a single tile reads each of them: a copy would not pay.
        bool inPlace = right.Columns % panel == 0 && left.Rows == TileKernel.Height(left.Rows, sizeof(TVector) == 64);
        for (int column = 0; column < right.Columns; column += most)
        {
            int columns = Math.Min(most, right.Columns - column);
            for (int k = 0; k == 0 || k < left.Columns; k += block)
            {
                int depth = Math.Min(block, left.Columns - k);
                Matrix<T> part = new(right.At(k, column), depth, columns, right.RowStride, right.ColumnStride);
                Panels<T> panels = inPlace ? new(part, panel) : Pack<TVector, T>(part);
                Matrix<T> factor = new(left.At(0, k), left.Rows, depth, left.RowStride, left.ColumnStride);
                PanelJob<TVector, T> job = new(factor, panels, columns, target.At(column, k == 0, k + depth >= left.Columns));
                WorkerTeam.Run(ref job, job.Chunks, job.IsLong);
            }
        }
    }

    private static Panels<T> Pack<TVector, T>(in Matrix<T> right)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PackJob<TVector, T> job = new(right);
        WorkerTeam.Run(ref job, job.Chunks, job.IsLong);
        return job.Result;
    }
}

/// <summary>Where a product goes: C, or turned, so that its columns are the rows of C.</summary>
internal readonly unsafe struct ProductTarget<T>(T* c, nint ldc, bool turned, Epilogue<T> epilogue)
    where T : unmanaged
{
    public readonly T* C = c;
    public readonly nint Stride = ldc;
    public readonly bool Transposed = turned;

    /// <summary>What happens at the write; bias and activation once the sums are whole.</summary>
    public readonly Epilogue<T> Epilogue = epilogue;

    /// <summary>The part of a block of k and of the columns of the product from <paramref name="column"/> on.</summary>
    public ProductTarget<T> At(int column, bool first, bool last)
    {
        Epilogue<T> part = Transposed ? Epilogue : Epilogue.From(column);
        if (!last)
            part = default;
        return new(C + (Transposed ? column * Stride : column), Stride, Transposed,
            part with { Accumulate = Epilogue.Accumulate || !first });
    }
}

/// <summary>A factor as panels two vectors wide; the last may be filled up with anything.</summary>
internal readonly unsafe struct Panels<T>
    where T : unmanaged
{
    public readonly T* Data;

    /// <summary>Elements from one panel to the next, and from one row of a panel to the next, or one column if they lie turned.</summary>
    public readonly nint Step, Stride;

    /// <summary>Whether the columns of a panel are contiguous, not its rows.</summary>
    public readonly bool AreTransposed;

    /// <summary>Copied panels.</summary>
    public Panels(T* data, int rows, int panel)
    {
        Data = data;
        Step = rows * panel;
        Stride = panel;
    }

    /// <summary>A factor of whole panels where it lies.</summary>
    public Panels(in Matrix<T> factor, int panel)
    {
        Data = factor.Data;
        Step = panel * factor.ColumnStride;
        AreTransposed = factor.ColumnStride != 1;
        Stride = AreTransposed ? factor.ColumnStride : factor.RowStride;
    }
}

/// <summary>Copies a factor to panels in memory of the thread that starts the job; a chunk is some panels.</summary>
internal readonly unsafe struct PackJob<TVector, T> : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements whose copying pays for a chunk, and for waking a thread: some 4 and some 30 microseconds.</summary>
    private const int ChunkElements = 16384, LongElements = 131072;

    private readonly Matrix<T> _source;
    private readonly int _panels, _panelsOfChunk;

    public PackJob(Matrix<T> source)
    {
        int panel = 2 * TVector.Count;
        nint panelElements = Math.Max(1, source.Rows) * panel;
        _source = source;
        _panels = (source.Columns + panel - 1) / panel;
        _panelsOfChunk = (int)Math.Max(1, ChunkElements / panelElements);
        Result = new(PanelPacker.Take<T>(_panels * panelElements), source.Rows, panel);
    }

    /// <summary>Where the panels go.</summary>
    public Panels<T> Result { get; }

    public int Chunks => (_panels + _panelsOfChunk - 1) / _panelsOfChunk;

    public bool IsLong => (long)_source.Rows * _source.Columns >= LongElements;

    public void Run(int chunk)
    {
        int panel = 2 * TVector.Count, end = Math.Min(_panels, (chunk + 1) * _panelsOfChunk);
        for (int i = chunk * _panelsOfChunk; i < end; i++)
        {
            int column = i * panel, width = Math.Min(panel, _source.Columns - column);
            Matrix<T> part = new(_source.At(0, column), _source.Rows, width, _source.RowStride, _source.ColumnStride);
            PanelPacker.Pack<TVector, T>(part, panel, Result.Data + i * Result.Step);
        }
    }
}
