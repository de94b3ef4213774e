using System.Numerics;
using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>Erases a box of each image with a probability: it becomes 0, the mean of standardized data.</summary>
/// <remarks>
/// Formula: with probability p a box of a share of the area uniform in [least, most] and proportions log-uniform in [0.3, 1/0.3], around a
/// uniform center and cut at the border, is set to 0. Source: Zhong et al., Random erasing data augmentation (2020), algorithm 1, with a
/// constant; a box of fixed size is the cutout of DeVries and Taylor (2017).
/// </remarks>
public sealed record RandomErase : Regularizer
{
    private const double Proportion = 0.3;

    /// <summary>Probability p, dimensionless, in [0, 1], default 0.5.</summary>
    public double Probability
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw Refused(nameof(Probability), "in [0, 1]", value);
    } = 0.5;

    /// <summary>Smallest share of the area, dimensionless, in [0, 1], default 0.02.</summary>
    public double Least { get; init => field = value is >= 0 and <= 1 ? value : throw Refused(nameof(Least), "in [0, 1]", value); } = 0.02;

    /// <summary>Largest share of the area, dimensionless, in [0, 1], default 0.4.</summary>
    public double Most { get; init => field = value is >= 0 and <= 1 ? value : throw Refused(nameof(Most), "in [0, 1]", value); } = 0.4;

    /// <inheritdoc/>
    public override string Formula => "with probability p a box of a share of the area uniform in [least, most] is set to 0";

    /// <inheritdoc/>
    public override string Source => "Zhong et al.: Random erasing data augmentation, 2020, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "images whose objects may be covered in part";

    /// <inheritdoc/>
    protected override string? Conflict =>
        Least > Most ? $"expected least up to most, got least={Least} and most={Most}; exchange them" : null;

    /// <inheritdoc/>
    protected internal override void RefuseUnfit(Dataset data) => ImageSize.Of(data.FeatureShape, "random_erase");

    /// <inheritdoc/>
    protected internal override void Prepare(ref SampleBatch batch, ref RandomStream stream)
    {
        if (batch.Features.DType == DType.Float32)
            Erase(batch.Features.AsSpan<float>(), ImageSize.Of(batch.Features.Shape), ref stream);
        else
            Erase(batch.Features.AsSpan<double>(), ImageSize.Of(batch.Features.Shape), ref stream);
    }

    private void Erase<T>(Span<T> pixels, ImageSize size, ref RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int plane = size.Height * size.Width, sample = plane * size.Channels;
        for (int start = 0; start < pixels.Length; start += sample)
        {
            if (stream.NextDouble() >= Probability)
                continue;

            double area = stream.NextDouble(Least, Most) * plane, proportion = Math.Exp(stream.NextDouble(-1, 1) * Math.Log(Proportion));
            ImageBox box = ImageBox.Around(
                size, stream.NextDouble() * size.Height, stream.NextDouble() * size.Width, Math.Sqrt(area * proportion),
                Math.Sqrt(area / proportion));
            for (int channel = 0; channel < size.Channels; channel++)
            {
                for (int row = box.Top; row < box.Bottom; row++)
                    pixels.Slice(start + (channel * plane) + (row * size.Width) + box.Left, box.Right - box.Left).Clear();
            }
        }
    }
}
