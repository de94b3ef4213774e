using Thalweg.Data;

namespace Thalweg.Regularizers;

/// <summary>CutMix: a box of each image is replaced by that of another, and the targets are mixed by area.</summary>
/// <remarks>
/// Formula: a box of sides sqrt(1-s) of the image around a uniform center, cut at the border, comes from x_j; t = s' t_i + (1-s') t_j,
/// s' the share of the area that is left, s ~ Beta(alpha, alpha). Source: Yun et al., CutMix (2019), eqs. 1 and 2.
/// </remarks>
public sealed record CutMix : MixingRegularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="alpha">Both shapes of the Beta distribution of the shares, above 0; customary 1: uniform.</param>
    /// <exception cref="ThalwegException">The shape is not above 0: give a positive number.</exception>
    public CutMix(double alpha)
        : base(alpha)
    {
    }

    /// <inheritdoc/>
    public override string Formula =>
        "a box of sides sqrt(1-s) of x_j in x_i, t = s' t_i + (1-s') t_j, s' the area left, s ~ Beta(alpha, alpha)";

    /// <inheritdoc/>
    public override string Source => "Yun et al.: CutMix, 2019, eqs. 1 and 2";

    /// <inheritdoc/>
    public override string Use => "images whose objects need not be seen whole";

    /// <inheritdoc/>
    protected internal override void RefuseUnfit(Dataset data)
    {
        base.RefuseUnfit(data);
        ImageSize.Of(data.FeatureShape, "cutmix");
    }

    private protected override double Mix<T>(
        Tensor features, ReadOnlySpan<T> others, ReadOnlySpan<int> partners, double share, ref RandomStream stream)
    {
        ImageSize size = ImageSize.Of(features.Shape);
        double side = Math.Sqrt(1 - share);
        ImageBox box = ImageBox.Around(
            size, stream.NextDouble() * size.Height, stream.NextDouble() * size.Width, side * size.Height, side * size.Width);
        Span<T> own = features.AsSpan<T>();
        int plane = size.Height * size.Width, sample = plane * size.Channels;
        for (int i = 0; i < partners.Length; i++)
        {
            for (int channel = 0; channel < size.Channels; channel++)
            {
                for (int row = box.Top; row < box.Bottom; row++)
                {
                    int at = (channel * plane) + (row * size.Width) + box.Left;
                    others.Slice((partners[i] * sample) + at, box.Right - box.Left).CopyTo(own[((i * sample) + at)..]);
                }
            }
        }

        return 1 - ((double)box.Area / plane);
    }
}
