namespace Thalweg.Kernels;

/// <summary>
/// How a convolution is cut into tiles of m x m results, each from 6 x 6 inputs: m = 4 for windows of 3 x 3, m = 2 for 5 x 5.
/// </summary>
internal readonly struct WinogradShape
{
    /// <summary>Inputs of a tile along each axis, and products of a tile.</summary>
    public const int Points = 6, Products = Points * Points;

    /// <summary>Elements at the points of inputs and results together that a chunk may have: they stay in the second cache.</summary>
    private const int MostElements = 1 << 16;

    /// <summary>Tiles of a chunk that use a matrix of factors well, and chunks that a batch of small images should give.</summary>
    private const int FewTiles = 16, WantedChunks = 8;

    /// <summary>Channels below which copying and transforming cost more than the products saved.</summary>
    private const int LeastChannels = 16;

    private const int Granule = 16;

    private WinogradShape(int kernel, (int Count, int Height, int Width) source, (int Count, int Height, int Width) target, int batch)
    {
        (Kernel, Batch) = (kernel, batch);
        (Channels, Height, Width) = source;
        (Outputs, OutHeight, OutWidth) = target;
        (TileRows, TileColumns) = ((OutHeight + Size - 1) / Size, (OutWidth + Size - 1) / Size);
        int mostTiles = Math.Max(FewTiles, MostElements / (Products * (ChannelPitch + OutputPitch)));
        int blocks = Math.Clamp(((TileRows * TileColumns) + mostTiles - 1) / mostTiles, 1, TileRows);
        BlockRows = (TileRows + blocks - 1) / blocks;
        Blocks = (TileRows + BlockRows - 1) / BlockRows;
        int together = Math.Max(1, FewTiles / (BlockRows * TileColumns)), room = Math.Max(1, mostTiles / (BlockRows * TileColumns));
        Together = Math.Clamp(Segments / WantedChunks, together, room);
    }

    /// <summary>Length of the window along each axis.</summary>
    public int Kernel { get; }

    public int Batch { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int Outputs { get; }

    public int OutHeight { get; }

    public int OutWidth { get; }

    /// <summary>Zeros before the first row and column of the input; may be negative.</summary>
    public int PaddingTop { get; init; }

    public int PaddingLeft { get; init; }

    /// <summary>Tiles of an image.</summary>
    public int TileRows { get; }

    public int TileColumns { get; }

    /// <summary>Rows of tiles in a segment: an image, or a block of its rows; and segments of an image.</summary>
    public int BlockRows { get; }

    public int Blocks { get; }

    /// <summary>Segments that are computed together.</summary>
    public int Together { get; }

    /// <summary>Results of a tile along each axis.</summary>
    public int Size => Points + 1 - Kernel;

    public int Segments => Batch * Blocks;

    public int Chunks => (Segments + Together - 1) / Together;

    /// <summary>Tiles of a segment, and of a chunk at most.</summary>
    public int SegmentTiles => BlockRows * TileColumns;

    public int ChunkTiles => SegmentTiles * Together;

    /// <summary>Channels and outputs, filled up to whole vectors.</summary>
    public int ChannelPitch => RoundUp(Channels);

    public int OutputPitch => RoundUp(Outputs);

    /// <summary>How the inputs of segments are copied.</summary>
    public PaddedImage InputForm => new()
    {
        Channels = Channels,
        Height = Height,
        Width = Width,
        FirstRow = -PaddingTop,
        RowStep = Size,
        Span = Points,
        FirstColumn = -PaddingLeft,
        Remainders = 1,
        Columns = (TileColumns * Size) + Kernel - 1,
    };

    /// <summary>Elements of the transformed weights <c>[36, channels, output pitch]</c>.</summary>
    public int FactorLength => Products * Channels * OutputPitch;

    /// <summary>Whether a convolution of single precision is computed by tiles: it must not skip places, and be large enough.</summary>
    public static bool Serves<T>(in ConvolutionShape shape)
        where T : unmanaged =>
        typeof(T) == typeof(float) && shape.KernelHeight == shape.KernelWidth && shape.KernelHeight is 3 or 5 && shape.Groups == 1
        && shape.StrideHeight == 1 && shape.StrideWidth == 1 && shape.DilationHeight == 1 && shape.DilationWidth == 1
        && shape.Channels >= LeastChannels && shape.Outputs >= LeastChannels && Math.Min(shape.OutHeight, shape.OutWidth) >= 4
        && Math.Min(shape.Height, shape.Width) >= 4;

    /// <summary>y from x.</summary>
    public static WinogradShape Correlation(in ConvolutionShape s) =>
        new(s.KernelHeight, (s.Channels, s.Height, s.Width), (s.Outputs, s.OutHeight, s.OutWidth), s.Batch)
        {
            PaddingTop = s.PaddingTop,
            PaddingLeft = s.PaddingLeft,
        };

    /// <summary>x from y: the same with mirrored windows.</summary>
    public static WinogradShape Transposition(in ConvolutionShape s) =>
        new(s.KernelHeight, (s.Outputs, s.OutHeight, s.OutWidth), (s.Channels, s.Height, s.Width), s.Batch)
        {
            PaddingTop = s.KernelHeight - 1 - s.PaddingTop,
            PaddingLeft = s.KernelWidth - 1 - s.PaddingLeft,
        };

    private static int RoundUp(int count) => (count + Granule - 1) / Granule * Granule;
}
