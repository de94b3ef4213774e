namespace Thalweg.Kernels;

/// <summary>How a matrix product is cut: a function of its shape and layout alone.</summary>
/// <remarks>
/// The blocks of k decide how each element is rounded, so they depend on k only. The pieces, blocks of C, decide who computes an
/// element and not how. Panels of B are read where they lie, which measured faster on Zen 5 than packing them, squares of 256 to 2048
/// included: the micro-kernel asks for one row of two lanes in twelve cycles, and the second cache delivers that. Only a transposed B,
/// whose rows are not contiguous, and the panel beyond the last whole lane are copied first.
/// </remarks>
internal readonly struct MatMulPlan
{
    /// <summary>The longest block of k: a panel of B so deep is 64 KiB and stays in the cache nearest to the core, or the next.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Work that pays for handing a piece to another thread: some 8 microseconds.</summary>
    private const double PieceOperations = 2e6;

    /// <summary>Pieces of a large product: enough to share evenly, few enough that each uses what it has brought into its caches.</summary>
    private const double ManyPieces = 48;

    /// <summary>Granules of pieces: whole tiles at any width.</summary>
    private const int RowGranule = 24, ColumnGranule = 32;

    /// <summary>Bounds of pieces: fewer rows use a panel of B too little, more than these do not fit the second cache.</summary>
    private const int FewestRows = 96, MostRows = 192, MostColumns = 256;

    public MatMulPlan(int rows, int columns, int depth)
    {
        int blocks = Math.Max(1, (depth + MaximumDepth - 1) / MaximumDepth);
        Depth = Math.Max(1, (depth + blocks - 1) / blocks);
        double perElement = 2.0 * Math.Max(depth, 1);
        double elements = Math.Max(PieceOperations / perElement, (double)rows * columns / ManyPieces);
        PieceRows = rows <= MostRows
            ? Math.Max(rows, 1)
            : Even(rows, Math.Clamp(elements / ColumnGranule, FewestRows, MostRows), RowGranule);
        PieceColumns = Even(columns, Math.Clamp(elements / PieceRows, ColumnGranule, MostColumns), ColumnGranule);
        RowPieces = (rows + PieceRows - 1) / PieceRows;
        ColumnPieces = (columns + PieceColumns - 1) / PieceColumns;
    }

    /// <summary>Length of a block of k; the last may be shorter.</summary>
    public int Depth { get; }

    /// <summary>Rows of a piece; the last may have fewer.</summary>
    public int PieceRows { get; }

    /// <summary>Columns of a piece; the last may have fewer.</summary>
    public int PieceColumns { get; }

    /// <summary>Pieces one below the other.</summary>
    public int RowPieces { get; }

    /// <summary>Pieces side by side.</summary>
    public int ColumnPieces { get; }

    /// <summary>Cuts a length into equal parts of about <paramref name="target"/>, rounded up to whole granules.</summary>
    private static int Even(int length, double target, int granule)
    {
        int parts = Math.Max(1, (int)Math.Ceiling(length / target));
        int part = (length + parts - 1) / parts;
        return Math.Max(granule, (part + granule - 1) / granule * granule);
    }
}
