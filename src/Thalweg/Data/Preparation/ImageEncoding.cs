namespace Thalweg.Data;

/// <summary>How images and other arrays become features: (x * scale - mean) / deviation, alike for all positions.</summary>
/// <param name="Scale">Factor of the raw values: 1/255 for bytes, else 1.</param>
/// <param name="Mean">Mean of the scaled values over the training samples.</param>
/// <param name="Deviation">Standard deviation of the scaled values over the training samples, above 0.</param>
public sealed record ImageEncoding(double Scale, double Mean, double Deviation)
{
    /// <summary>Order of the axes of the training data; null where they have no axis of channels, or the channels come first.</summary>
    /// <remarks>Features are [channels, height, width] in either case.</remarks>
    public ImageLayout? Layout { get; init; }

    /// <summary>The feature for a value.</summary>
    /// <param name="value">Raw value.</param>
    /// <returns>Standardized value, dimensionless.</returns>
    public double Encode(double value) => ((value * Scale) - Mean) / Deviation;
}
