namespace Thalweg.Data;

/// <summary>Order of the axes of images in an array.</summary>
public enum ImageLayout
{
    /// <summary>[samples, channels, height, width], as PyTorch has it; a layer here always sees this order.</summary>
    ChannelsFirst,

    /// <summary>[samples, height, width, channels], as TensorFlow, NumPy and most image files have it.</summary>
    ChannelsLast,
}
