namespace Thalweg.Layers;

/// <summary>What layers that act at random in training have in common.</summary>
public abstract record NoiseLayerSettings : LayerSettings
{
    private protected NoiseLayerSettings(double rate) => Rate = rate;

    /// <summary>Probability p, in [0, 1).</summary>
    public double Rate { get; init => field = Within(value, 0, 1, isHighIncluded: false); }

    /// <inheritdoc/>
    public sealed override BuiltLayer Build(LayerInput input) => new(Layer(), input.Shape);

    private protected abstract Module Layer();
}

/// <summary><see cref="Dropout"/>: <c>dropout(0.2)</c>.</summary>
public sealed record DropoutSettings : NoiseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="rate">Probability of a zero, in [0, 1).</param>
    public DropoutSettings(double rate)
        : base(rate)
    {
    }

    /// <summary>Where the scaling is done; default in training.</summary>
    public DropoutScaling Scaling { get; init; }

    private protected override Module Layer() => new Dropout(Rate, Scaling);
}

/// <summary><see cref="ChannelDropout"/>: <c>channel_dropout(0.2)</c>.</summary>
public sealed record ChannelDropoutSettings : NoiseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="rate">Probability that a channel is 0, in [0, 1).</param>
    public ChannelDropoutSettings(double rate)
        : base(rate)
    {
    }

    private protected override Module Layer() => new ChannelDropout(Rate);
}

/// <summary><see cref="AlphaDropout"/>: <c>alpha_dropout(0.1)</c>.</summary>
public sealed record AlphaDropoutSettings : NoiseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="rate">Probability that an element is dropped, in [0, 1).</param>
    public AlphaDropoutSettings(double rate)
        : base(rate)
    {
    }

    private protected override Module Layer() => new AlphaDropout(Rate);
}

/// <summary><see cref="GaussianDropout"/>: <c>gaussian_dropout(0.2)</c>.</summary>
public sealed record GaussianDropoutSettings : NoiseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="rate">Probability p of the factors N(1, p/(1-p)), in [0, 1).</param>
    public GaussianDropoutSettings(double rate)
        : base(rate)
    {
    }

    private protected override Module Layer() => new GaussianDropout(Rate);
}

/// <summary><see cref="StochasticDepth"/>: <c>stochastic_depth(0.1)</c>.</summary>
public sealed record StochasticDepthSettings : NoiseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="rate">Probability that a sample skips the path, in [0, 1).</param>
    public StochasticDepthSettings(double rate)
        : base(rate)
    {
    }

    private protected override Module Layer() => new StochasticDepth(Rate);
}

/// <summary><see cref="GaussianNoise"/>: <c>gaussian_noise(0.1)</c>.</summary>
public sealed record GaussianNoiseSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="deviation">Standard deviation in the unit of the input, 0 or more.</param>
    public GaussianNoiseSettings(double deviation) => Deviation = deviation;

    /// <summary>Standard deviation in the unit of the input, 0 or more.</summary>
    public double Deviation { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new GaussianNoise(Deviation), input.Shape);
}
