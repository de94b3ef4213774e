using System.Numerics;

namespace Thalweg.Data;

/// <summary>Images whose channels come last where they are kept, and first when they are gathered: [height, width, channels] becomes
/// [channels, height, width].</summary>
/// <param name="inner">The images as they are kept.</param>
/// <param name="channels">Number of channels.</param>
internal sealed class ChannelsLastFeatures(FeatureStore inner, int channels) : FeatureStore(inner.Width)
{
    public override int Count => inner.Count;

    public override bool IsMapped => inner.IsMapped;

    public override void CheckUnchanged() => inner.CheckUnchanged();

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        T[] image = Buffer<T>.OfThread(Width);
        inner.CopyRow(row, image.AsSpan(0, Width));
        int positions = Width / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            Span<T> plane = destination.Slice(channel * positions, positions);
            for (int position = 0; position < positions; position++)
                plane[position] = image[(position * channels) + channel];
        }
    }

    /// <summary>Room for one image on each thread, so that gathering a batch allocates nothing.</summary>
    private static class Buffer<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [ThreadStatic]
        private static T[]? s_image;

        public static T[] OfThread(int length)
        {
            if (s_image is null || s_image.Length < length)
                s_image = new T[length];
            return s_image;
        }
    }
}
