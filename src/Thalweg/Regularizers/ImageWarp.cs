using System.Numerics;
using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>A regularizer that moves the pixels of each image along an affine map drawn for it.</summary>
/// <remarks>Pixels between others are mixed bilinearly; what comes in from outside repeats the nearest pixel of the border.</remarks>
public abstract record ImageWarp : Regularizer
{
    /// <summary>Draws where the pixels of one image come from.</summary>
    internal abstract PixelMap Draw(ImageSize size, ref RandomStream stream);

    /// <inheritdoc/>
    protected internal sealed override void RefuseUnfit(Dataset data) => ImageSize.Of(data.FeatureShape, Settings.NameOf(GetType()));

    /// <inheritdoc/>
    protected internal sealed override void Prepare(ref SampleBatch batch, ref RandomStream stream)
    {
        if (batch.Features.DType == DType.Float32)
            Warp<float>(batch.Features, ref stream);
        else
            Warp<double>(batch.Features, ref stream);
    }

    private void Warp<T>(Tensor features, ref RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ImageSize size = ImageSize.Of(features.Shape);
        int plane = size.Height * size.Width;
        Span<T> all = features.AsSpan<T>(), from = Tensor.Allocate([plane], features.DType, "warped").AsSpan<T>();
        for (int sample = 0; sample < features.Shape[0]; sample++)
        {
            PixelMap map = Draw(size, ref stream);
            for (int channel = 0; channel < size.Channels && map != PixelMap.Identity; channel++)
            {
                Span<T> image = all.Slice(((sample * size.Channels) + channel) * plane, plane);
                image.CopyTo(from);
                Warp(from, image, size, map);
            }
        }
    }

    private static void Warp<T>(ReadOnlySpan<T> from, Span<T> to, ImageSize size, in PixelMap map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0, k = 0; row < size.Height; row++)
        {
            for (int column = 0; column < size.Width; column++, k++)
            {
                double y = Math.Clamp(map.RowOf(row, column), 0, size.Height - 1),
                    x = Math.Clamp(map.ColumnOf(row, column), 0, size.Width - 1);
                int top = (int)y, left = (int)x, bottom = Math.Min(top + 1, size.Height - 1), right = Math.Min(left + 1, size.Width - 1);
                T down = T.CreateTruncating(y - top), across = T.CreateTruncating(x - left);
                T above = Between(from[(top * size.Width) + left], from[(top * size.Width) + right], across);
                T below = Between(from[(bottom * size.Width) + left], from[(bottom * size.Width) + right], across);
                to[k] = Between(above, below, down);
            }
        }
    }

    private static T Between<T>(T a, T b, T share)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ((T.One - share) * a) + (share * b);
}

/// <summary>Where pixels come from: (row, column) from A (row, column) + b.</summary>
internal readonly record struct PixelMap(
    double RowByRow, double RowByColumn, double RowShift, double ColumnByRow, double ColumnByColumn, double ColumnShift)
{
    /// <summary>Each pixel from its own place.</summary>
    public static PixelMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    public double RowOf(int row, int column) => (RowByRow * row) + (RowByColumn * column) + RowShift;

    public double ColumnOf(int row, int column) => (ColumnByRow * row) + (ColumnByColumn * column) + ColumnShift;
}
