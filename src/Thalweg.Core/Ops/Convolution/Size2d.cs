namespace Thalweg;

/// <summary>A pair of numbers for the two axes of an image: a stride, a padding, a window. A single number stands for both.</summary>
/// <param name="Height">Along the rows of the image.</param>
/// <param name="Width">Along the columns of the image; the only one that signals <c>[batch, channels, length]</c> use.</param>
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>The same number for both axes.</summary>
    /// <param name="size">The number.</param>
    public static implicit operator Size2d(int size) => new(size, size);

    /// <summary>Height and width.</summary>
    /// <param name="size">The two numbers.</param>
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The same number for both axes.</summary>
    /// <param name="size">The number.</param>
    public static Size2d FromInt32(int size) => new(size, size);

    /// <summary>Written <c>3x3</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
