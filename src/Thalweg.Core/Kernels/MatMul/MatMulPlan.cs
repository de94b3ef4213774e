namespace Thalweg.Kernels;

/// <summary>A part of a matrix.</summary>
internal readonly record struct MatMulArea(int Row, int Rows, int Column, int Columns);

/// <summary>How a matrix product is cut: a function of its shape alone.</summary>
/// <remarks>
/// The blocks of k decide how each element is rounded, so they depend on k only. The chunks, blocks of C, decide who computes an
/// element and not how. Where panels of B are read and where they are copied is chosen by <see cref="ProductWays"/>.
/// </remarks>
internal readonly struct MatMulPlan
{
    /// <summary>The longest block of k: a panel of B so deep is 64 KiB and stays in the cache nearest to the core, or the next.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Work that pays for handing a chunk to a thread that is waiting for it: some 4 microseconds.</summary>
    private const double ChunkOperations = 1e6;

    /// <summary>Work that pays for waking a thread: some 16 microseconds.</summary>
    private const double LongOperations = 4e6;

    /// <summary>Chunks of a large product: enough to share evenly, few enough that each uses what it has loaded into its caches.</summary>
    private const double ManyChunks = 48, ManyChunksOfBatch = 24;

    /// <summary>Whole tiles of the widest vectors; rows are cut finer than tiles, as tiles of 8 and 12 rows fill any multiple of 4
    /// from 8 on.</summary>
    private const int RowGranule = 4, ColumnGranule = 32;

    /// <summary>Bounds of chunks: fewer rows use a panel of B too little, more than the most do not fit the second cache.</summary>
    private const int FewestRows = 24, ManyRows = 96, MostRows = 192, ManyColumns = 64, MostColumns = 256;

    private readonly int _rows, _columns;

    public MatMulPlan(int rows, int columns, int depth)
    {
        (_rows, _columns) = (rows, columns);
        Depth = BlockLength(depth);
        double operations = 2.0 * rows * columns * depth;
        IsLong = operations >= LongOperations;
        IsTall = rows > MostRows;
        (RowChunks, ColumnChunks) = IsTall
            ? CutTall(rows, columns, Math.Clamp(operations / ChunkOperations, 1, ManyChunks))
            : CutBatch(rows, columns, (int)Math.Clamp(operations / ChunkOperations, 1, ManyChunksOfBatch));
    }

    /// <summary>Whether there are many rows, as in the gradient of weights, so that a thread's share of the chunks
    /// are whole rows.</summary>
    public bool IsTall { get; }

    /// <summary>Whether the work is worth waking threads for that have gone to sleep.</summary>
    public bool IsLong { get; }

    /// <summary>Length of a block of k; the last may be shorter.</summary>
    public int Depth { get; }

    /// <summary>Chunks one below the other.</summary>
    public int RowChunks { get; }

    /// <summary>Chunks side by side.</summary>
    public int ColumnChunks { get; }

    /// <summary>Length of a block of k, of which there are <paramref name="depth"/> in all.</summary>
    public static int BlockLength(int depth)
    {
        int blocks = Math.Max(1, (depth + MaximumDepth - 1) / MaximumDepth);
        return Math.Max(1, (depth + blocks - 1) / blocks);
    }

    /// <summary>The part of C that is a chunk; neighbors share rows of a tall product, and else columns.</summary>
    public MatMulArea Area(int chunk)
    {
        (int down, int across) = IsTall ? (chunk / ColumnChunks, chunk % ColumnChunks) : (chunk % RowChunks, chunk / RowChunks);
        int row = Row(down), column = Column(across);
        return new(row, Row(down + 1) - row, column, Column(across + 1) - column);
    }

    /// <summary>First row of a row of chunks; of the one after the last, the number of rows.</summary>
    public int Row(int chunk) => Start(_rows, RowGranule, chunk, RowChunks);

    /// <summary>First column of a column of chunks; of the one after the last, the number of columns.</summary>
    public int Column(int chunk) => Start(_columns, ColumnGranule, chunk, ColumnChunks);

    private static (int RowChunks, int ColumnChunks) CutTall(int rows, int columns, double chunks)
    {
        double elements = (double)rows * columns / chunks;
        int down = Parts(rows, Math.Clamp(elements / ManyColumns, ManyRows, MostRows));
        int least = (columns + MostColumns - 1) / MostColumns, most = Math.Max(1, columns / ManyColumns);
        return (down, Math.Clamp(Parts(columns, elements * down / rows), Math.Max(least, 1), Math.Max(least, most)));
    }

    /// <summary>Rows of a batch: columns are cut first, so that no two threads read the same part of B, unless that leaves
    /// chunks too unequal.</summary>
    private static (int RowChunks, int ColumnChunks) CutBatch(int rows, int columns, int chunks)
    {
        const double CostOfRowCut = 0.02;
        int least = Math.Max(1, (columns + MostColumns - 1) / MostColumns), mostRows = Math.Max(1, rows / FewestRows);
        (int Down, int Across) best = (1, least);
        double bestCost = double.PositiveInfinity;
        for (int across = Math.Min(chunks, columns / ColumnGranule); across >= least && chunks > 1; across--)
        {
            // More than half of the chunks, at most all; the more the better where they are equal.
            for (int down = Math.Min(chunks / across, mostRows); down >= 1 && 2 * down * across > chunks; down--)
            {
                double largest = (double)Longest(rows, RowGranule, down) * Longest(columns, ColumnGranule, across);
                double cost = largest * down * across * (1 + CostOfRowCut * (down - 1));
                if (cost < bestCost)
                    (best, bestCost) = ((down, across), cost);
            }
        }

        return best;
    }

    /// <summary>Length of the longest part, the last.</summary>
    private static int Longest(int length, int granule, int parts) => (length / granule + parts - 1) / parts * granule + length % granule;

    private static int Parts(int length, double target) => (int)Math.Max(1, Math.Round(length / Math.Max(target, 1)));

    /// <summary>Where part <paramref name="part"/> of equal parts starts, in whole granules; what is left over goes to the last.</summary>
    private static int Start(int length, int granule, int part, int parts) =>
        part == parts ? length : (int)((long)(length / granule) * part / parts) * granule;
}
