namespace Thalweg.Regularizers;

/// <summary>Shifts each image by a whole number of pixels: the same as padding by that many and cropping at random.</summary>
/// <remarks>Formula: x[r, c] = x[r + i, c + j], i and j uniform in -pixels .. pixels. Source: Krizhevsky, Sutskever and Hinton, ImageNet
/// classification (2012), section 4.1; He et al., Deep residual learning (2016), section 4.2.</remarks>
public sealed record RandomShift : ImageWarp
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="pixels">Largest shift in pixels, at least 0; customary 4 at 32 x 32, 2 at 28 x 28.</param>
    /// <exception cref="ThalwegException">The number is negative: give one of at least 0.</exception>
    public RandomShift(int pixels) => Pixels = pixels;

    /// <summary>Largest shift in pixels, at least 0.</summary>
    public int Pixels { get; init => field = AtLeast(0, value); }

    /// <inheritdoc/>
    public override string Formula => "x[r, c] = x[r + i, c + j], i and j uniform in -pixels .. pixels";

    /// <inheritdoc/>
    public override string Source =>
        "Krizhevsky, Sutskever, Hinton: ImageNet classification, 2012, section 4.1; He et al.: Deep residual learning, 2016, section 4.2";

    /// <inheritdoc/>
    public override string Use => "images whose objects are not centered; digits too";

    internal override PixelMap Draw(ImageSize size, ref RandomStream stream)
    {
        int down = stream.NextInt32((2 * Pixels) + 1) - Pixels, across = stream.NextInt32((2 * Pixels) + 1) - Pixels;
        return PixelMap.Identity with { RowShift = down, ColumnShift = across };
    }
}

/// <summary>Which way images are mirrored.</summary>
public enum FlipAxis
{
    /// <summary>Left and right change places.</summary>
    Horizontal,

    /// <summary>Top and bottom change places.</summary>
    Vertical,
}

/// <summary>Mirrors each image with a probability; not for letters and digits.</summary>
/// <remarks>Formula: x[r, c] = x[r, width - 1 - c] with probability p. Source: Krizhevsky, Sutskever and Hinton, ImageNet classification
/// (2012), section 4.1.</remarks>
public sealed record RandomFlip : ImageWarp
{
    /// <summary>Probability p, dimensionless, in [0, 1], default 0.5.</summary>
    public double Probability
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw Refused(nameof(Probability), "in [0, 1]", value);
    } = 0.5;

    /// <summary>Which way, default left and right.</summary>
    public FlipAxis Axis { get; init; }

    /// <inheritdoc/>
    public override string Formula =>
        $"x[r, c] = {(Axis == FlipAxis.Horizontal ? "x[r, width - 1 - c]" : "x[height - 1 - r, c]")} with probability p";

    /// <inheritdoc/>
    public override string Source => "Krizhevsky, Sutskever, Hinton: ImageNet classification, 2012, section 4.1";

    /// <inheritdoc/>
    public override string Use => "photographs; not letters and digits";

    internal override PixelMap Draw(ImageSize size, ref RandomStream stream) => stream.NextDouble() >= Probability ? PixelMap.Identity
        : Axis == FlipAxis.Horizontal ? PixelMap.Identity with { ColumnByColumn = -1, ColumnShift = size.Width - 1 }
        : PixelMap.Identity with { RowByRow = -1, RowShift = size.Height - 1 };
}

/// <summary>Takes a random part of each image, of its proportions, at its full size.</summary>
/// <remarks>Formula: a box of a share of the area uniform in [least, 1], at a uniform place, stretched to the whole. Source: Szegedy et
/// al., Going deeper with convolutions (2015), section 6.</remarks>
public sealed record RandomCrop : ImageWarp
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="least">Smallest share of the area, dimensionless, in (0, 1]; customary 0.08 for large images, 0.6
    /// for small ones.</param>
    /// <exception cref="ThalwegException">The share is out of range: give one in (0, 1].</exception>
    public RandomCrop(double least) => Least = least;

    /// <summary>Smallest share of the area, dimensionless, in (0, 1].</summary>
    public double Least { get; init => field = value is > 0 and <= 1 ? value : throw Refused(nameof(Least), "in (0, 1]", value); }

    /// <inheritdoc/>
    public override string Formula => "a box of a share of the area uniform in [least, 1], at a uniform place, stretched to the whole";

    /// <inheritdoc/>
    public override string Source => "Szegedy et al.: Going deeper with convolutions, 2015, section 6";

    /// <inheritdoc/>
    public override string Use => "photographs of objects at many distances";

    internal override PixelMap Draw(ImageSize size, ref RandomStream stream)
    {
        double side = Math.Sqrt(stream.NextDouble(Least, 1)), free = 1 - side;
        return new(side, 0, stream.NextDouble() * free * (size.Height - 1), 0, side, stream.NextDouble() * free * (size.Width - 1));
    }
}

/// <summary>Turns each image about its center.</summary>
/// <remarks>Formula: rotation by an angle uniform in -degrees .. degrees. Source: Simard, Steinkraus and Platt, Best practices for
/// convolutional neural networks (2003), section 2.</remarks>
public sealed record RandomRotation : ImageWarp
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="degrees">Largest angle in degrees, in [0, 180]; customary 10 to 15.</param>
    /// <exception cref="ThalwegException">The angle is out of range: give one in [0, 180].</exception>
    public RandomRotation(double degrees) => Degrees = degrees;

    /// <summary>Largest angle in degrees, in [0, 180].</summary>
    public double Degrees { get; init => field = value is >= 0 and <= 180 ? value : throw Refused(nameof(Degrees), "in [0, 180]", value); }

    /// <inheritdoc/>
    public override string Formula => "rotation by an angle uniform in -degrees .. degrees";

    /// <inheritdoc/>
    public override string Source => "Simard, Steinkraus, Platt: Best practices for convolutional neural networks, 2003, section 2";

    /// <inheritdoc/>
    public override string Use => "images that may be turned a little, as handwriting is";

    internal override PixelMap Draw(ImageSize size, ref RandomStream stream)
    {
        (double sine, double cosine) = Math.SinCos(stream.NextDouble(-Degrees, Degrees) * Math.PI / 180);
        double row = (size.Height - 1) / 2.0, column = (size.Width - 1) / 2.0;
        return new(cosine, -sine, row - (cosine * row) + (sine * column), sine, cosine, column - (sine * row) - (cosine * column));
    }
}
