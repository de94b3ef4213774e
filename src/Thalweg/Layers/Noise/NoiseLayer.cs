using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A layer that changes its input at random in training and passes it on as it is in evaluation.</summary>
/// <remarks>Any shape in, the same shape out. Each pass draws anew; within a step of a <see cref="ForwardContext"/> what it draws follows
/// from seed, layer, step and the number of passes before.</remarks>
public abstract class NoiseLayer : Module
{
    private readonly string _type, _amountName;

    private protected NoiseLayer(string type, double amount, double limit, string amountName = "probability")
    {
        if (!(amount >= 0 && amount < limit))
            throw new ThalwegException($"[{type.Replace('_', ' ')}] expected a {amountName} in [0, {limit}), got {amount}");

        (_type, _amountName, Amount) = (type, amountName, amount);
    }

    private protected double Amount { get; }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor x) => IsTraining && Amount > 0 ? Disturb(x) : x;

    /// <inheritdoc/>
    public sealed override JsonObject Describe() => new() { ["type"] = _type, [_amountName] = Amount };

    /// <summary>The disturbed input.</summary>
    private protected abstract Tensor Disturb(Tensor x);

    /// <summary>1 / (1 - p) with probability 1 - p, else 0, for each place along the first axes, 1 along the rest.</summary>
    private protected Tensor Kept(Tensor x, int axes)
    {
        Span<int> sizes = stackalloc int[x.Rank];
        for (int axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = axis < axes ? x.Shape[axis] : 1;

        return Tensor.Ones(new Shape(sizes), x.DType).Dropout(Amount, StreamOfStep(RandomPurpose.Dropout));
    }
}

/// <summary>Drops whole channels: each channel of each sample is zeroed with probability p and the rest divided by 1 - p.</summary>
/// <remarks>Input and output <c>[batch, channels, ...]</c>: signals or images. Source: Tompson and others, CVPR
/// 2015, section 3.2.</remarks>
/// <param name="probability">Probability of a zero, in [0, 1).</param>
public sealed class ChannelDropout(double probability) : NoiseLayer("channel_dropout", probability, 1)
{
    /// <summary>Probability of a zero.</summary>
    public double Probability => Amount;

    private protected override Tensor Disturb(Tensor x) => x.Rank >= 2
        ? x.Multiply(Kept(x, 2))
        : throw new ThalwegException($"[channel dropout] expected inputs [batch, channels, ...], got {x.Shape}");
}

/// <summary>Stochastic depth: each sample is zeroed with probability p and the rest divided by 1 - p, so that, as the last part of a
/// residual path,
/// the sample takes the shortcut alone.</summary>
/// <remarks>Input and output <c>[batch, ...]</c>. Source: Huang and others, ECCV 2016, equation 2, in the inverted form of Larsson and
/// others, ICLR 2017 ("drop path").</remarks>
/// <param name="probability">Probability of a zero, in [0, 1).</param>
public sealed class StochasticDepth(double probability) : NoiseLayer("stochastic_depth", probability, 1)
{
    /// <summary>Probability of a zero.</summary>
    public double Probability => Amount;

    private protected override Tensor Disturb(Tensor x) => x.Rank >= 1
        ? x.Multiply(Kept(x, 1))
        : throw new ThalwegException($"[stochastic depth] expected inputs [batch, ...], got {x.Shape}");
}

/// <summary>Dropout for SELU networks: drops to the lower bound of SELU instead of 0, and keeps mean 0 and variance 1.</summary>
/// <remarks>Input and output <c>[...]</c>. a (x d + α' (1 - d)) + b, with α' = -λ α = -1.7581, q = 1 - p, a = (q + α'² q (1 - q))^(-1/2), b
/// = -a (1 - q) α'. Source: Klambauer and others, NeurIPS 2017, section "New dropout technique".</remarks>
/// <param name="probability">Probability of a drop, in [0, 1).</param>
public sealed class AlphaDropout(double probability) : NoiseLayer("alpha_dropout", probability, 1)
{
    private const double Lowest = -1.0507009873554804934 * 1.6732632423543772848;

    /// <summary>Probability of a drop.</summary>
    public double Probability => Amount;

    private protected override Tensor Disturb(Tensor x)
    {
        double keep = 1 - Amount, a = 1 / Math.Sqrt(keep + (Lowest * Lowest * keep * Amount)), b = -a * Amount * Lowest;
        Tensor kept = Kept(x, x.Rank).Multiply(keep);
        Tensor shift = kept.Multiply(-a * Lowest).Add((a * Lowest) + b);
        return x.Multiply(kept.Multiply(a)).Add(shift);
    }
}

/// <summary>Multiplies each element by a draw from N(1, p / (1 - p)), whose mean and variance are those of dropout.</summary>
/// <remarks>Input and output <c>[...]</c>. Source: Srivastava and others, JMLR 15, 2014, section 10.</remarks>
/// <param name="probability">The p of the dropout that it stands for, in [0, 1).</param>
public sealed class GaussianDropout(double probability) : NoiseLayer("gaussian_dropout", probability, 1)
{
    /// <summary>The p of the dropout that it stands for.</summary>
    public double Probability => Amount;

    private protected override Tensor Disturb(Tensor x)
    {
        RandomStream stream = StreamOfStep(RandomPurpose.Dropout);
        return x.Multiply(Tensor.Normal(x.Shape, 1, Math.Sqrt(Amount / (1 - Amount)), ref stream, x.DType));
    }
}

/// <summary>Adds a draw from N(0, deviation²) to each element.</summary>
/// <remarks>Input and output <c>[...]</c>. Source: Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural
/// Computation 7(1), 1995.</remarks>
/// <param name="deviation">Standard deviation, 0 or more, in the unit of the input.</param>
public sealed class GaussianNoise(double deviation) : NoiseLayer("gaussian_noise", deviation, double.PositiveInfinity, "deviation")
{
    /// <summary>Standard deviation.</summary>
    public double Deviation => Amount;

    private protected override Tensor Disturb(Tensor x)
    {
        RandomStream stream = StreamOfStep(RandomPurpose.Dropout);
        return x.Add(Tensor.Normal(x.Shape, 0, Amount, ref stream, x.DType));
    }
}
