namespace Thalweg.Kernels;

/// <summary>How a matrix product is cut: a function of its shape and layout alone.</summary>
/// <remarks>
/// The blocks of k decide how each element is rounded, so they depend on k only. The pieces, blocks of C, decide who computes an
/// element and not how.
/// </remarks>
internal readonly struct MatMulPlan
{
    /// <summary>The longest block of k: a panel of B so deep is 64 KiB and stays in the cache nearest to the core, or the next.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Work that pays for handing a piece to another thread: some 8 microseconds.</summary>
    private const double PieceOperations = 2e6;

    /// <summary>Granules of pieces: whole tiles at any width.</summary>
    private const int RowGranule = 24, ColumnGranule = 32;

    /// <summary>Upper bounds of pieces, so that their block of A stays in the second cache.</summary>
    private const int MaximumRows = 192, MaximumColumns = 256;

    public MatMulPlan(int rows, int columns, int depth, bool transposedB)
    {
        int blocks = Math.Max(1, (depth + MaximumDepth - 1) / MaximumDepth);
        Depth = Math.Max(1, (depth + blocks - 1) / blocks);
        PackB = transposedB || (rows >= MaximumRows && (long)columns * depth >= 1 << 17);
        double perElement = 2.0 * Math.Max(depth, 1);
        // The side that is cut is the longer one; the other is cut only where it is long too.
        if (rows > MaximumRows || rows > columns)
        {
            PieceColumns = Even(columns, MaximumColumns, ColumnGranule);
            PieceRows = Even(rows, Math.Min(MaximumRows, PieceOperations / (perElement * PieceColumns)), RowGranule);
        }
        else
        {
            PieceRows = Math.Max(rows, 1);
            PieceColumns = Even(columns, Math.Min(MaximumColumns, PieceOperations / (perElement * PieceRows)), ColumnGranule);
        }

        RowPieces = (rows + PieceRows - 1) / PieceRows;
        ColumnPieces = (columns + PieceColumns - 1) / PieceColumns;
    }

    /// <summary>Length of a block of k; the last may be shorter.</summary>
    public int Depth { get; }

    /// <summary>Whether panels of B are copied to contiguous memory first.</summary>
    public bool PackB { get; }

    public int PieceRows { get; }

    public int PieceColumns { get; }

    public int RowPieces { get; }

    public int ColumnPieces { get; }

    /// <summary>Cuts a length into equal parts of about <paramref name="target"/>, rounded up to whole granules.</summary>
    private static int Even(int length, double target, int granule)
    {
        int parts = Math.Max(1, (int)Math.Ceiling(length / Math.Max(target, granule)));
        int part = (length + parts - 1) / parts;
        return Math.Max(granule, (part + granule - 1) / granule * granule);
    }
}
