namespace Thalweg.Regularizers;

/// <summary>Sizes of an image.</summary>
/// <param name="Channels">Channels, 1 or more.</param>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Width">Columns, 1 or more.</param>
internal readonly record struct ImageSize(int Channels, int Height, int Width)
{
    /// <summary>The sizes of samples <c>[height, width]</c> or <c>[channels, height, width]</c>.</summary>
    /// <exception cref="ThalwegException">The samples are no images.</exception>
    public static ImageSize Of(IReadOnlyList<int> sample, string name) => sample.Count switch
    {
        2 => new(1, sample[0], sample[1]),
        3 => new(sample[0], sample[1], sample[2]),
        _ => throw new ThalwegException(
            $"[{name}] expected images [channels, height, width], got samples of shape [{string.Join(", ", sample)}]; use it on images, " +
            "or leave it out"),
    };

    /// <summary>The sizes of a batch of images <c>[samples, height, width]</c> or <c>[samples, channels, height, width]</c>.</summary>
    public static ImageSize Of(Shape batch) => new(batch.Rank == 4 ? batch[1] : 1, batch[-2], batch[-1]);
}

/// <summary>A box of pixels.</summary>
/// <param name="Top">First row.</param>
/// <param name="Bottom">Row after the last.</param>
/// <param name="Left">First column.</param>
/// <param name="Right">Column after the last.</param>
internal readonly record struct ImageBox(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Number of pixels.</summary>
    public int Area => (Bottom - Top) * (Right - Left);

    /// <summary>The pixels of an image within a box of the given sides around a center.</summary>
    public static ImageBox Around(ImageSize size, double row, double column, double height, double width) => new(
        Edge(row - (height / 2), size.Height), Edge(row + (height / 2), size.Height), Edge(column - (width / 2), size.Width),
        Edge(column + (width / 2), size.Width));

    private static int Edge(double at, int size) => Math.Clamp((int)Math.Round(at), 0, size);
}
