using System.Numerics;

namespace Thalweg.Layers;

/// <summary><see cref="BatchNorm1d"/> or <see cref="BatchNorm2d"/>: <c>batch_norm(momentum=0.99, momentum_form=retained)</c>.</summary>
public sealed record BatchNormSettings : LayerSettings
{
    /// <summary>Added to the variance, above 0; default 1e-5 (Keras: 1e-3).</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-5;

    /// <summary>Momentum in [0, 1]; null for the plain mean over all batches so far; default 0.1.</summary>
    public double? Momentum { get; init => field = value is { } number ? Within(number, 0, 1) : null; } = 0.1;

    /// <summary>What the momentum weighs; default the new batch.</summary>
    [SettingsName("momentum_form")]
    public BatchNormMomentum MomentumVariant { get; init; }

    /// <summary>Which variance enters the moving average; default unbiased.</summary>
    public RunningVariance Variance { get; init; }

    /// <summary>Where the statistics of evaluation come from; default moving averages.</summary>
    public PopulationStatistics Population { get; init; }

    /// <summary>Whether there are a scale and a shift to learn; default true.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>Whether statistics are kept for evaluation; default true.</summary>
    public bool TrackRunningStatistics { get; init; } = true;

    /// <summary>The same as the layer takes them.</summary>
    public BatchNormOptions Options => new()
    {
        Epsilon = Epsilon,
        Momentum = Momentum,
        MomentumVariant = MomentumVariant,
        Variance = Variance,
        Population = Population,
        Affine = Affine,
        TrackRunningStatistics = TrackRunningStatistics,
    };

    /// <summary>The settings of a layer's options.</summary>
    /// <param name="options">The options.</param>
    public static BatchNormSettings Of(BatchNormOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            Epsilon = options.Epsilon,
            Momentum = options.Momentum,
            MomentumVariant = options.MomentumVariant,
            Variance = options.Variance,
            Population = options.Population,
            Affine = options.Affine,
            TrackRunningStatistics = options.TrackRunningStatistics,
        };
    }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(
        input.Shape.Rank == 3 ? new BatchNorm2d(input.Shape[0], Options) : new BatchNorm1d(input.Shape[0], Options), input.Shape);
}

/// <summary><see cref="LayerNorm"/> over the last axes: <c>layer_norm</c>.</summary>
public sealed record LayerNormSettings : LayerSettings
{
    /// <summary>Axes at the end of a sample that are normalized together, 1 or more; default 1.</summary>
    public int Axes { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Added to the variance, above 0; default 1e-5.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-5;

    /// <summary>Whether there are a scale and a shift to learn; default true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => Axes <= input.Shape.Rank
        ? new(new LayerNorm(new Shape(input.Shape.ToArray()[^Axes..]), Epsilon, Affine), input.Shape)
        : throw Unfit($"samples of {Axes} axes or more", input.Shape, "take fewer axes");
}

/// <summary><see cref="RmsNorm"/> over the last axes: <c>rms_norm</c>.</summary>
public sealed record RmsNormSettings : LayerSettings
{
    /// <summary>Axes at the end of a sample that are normalized together, 1 or more; default 1.</summary>
    public int Axes { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Added to the mean square, above 0; default 1e-6.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-6;

    /// <summary>Whether there is a scale to learn; default true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => Axes <= input.Shape.Rank
        ? new(new RmsNorm(new Shape(input.Shape.ToArray()[^Axes..]), Epsilon, Affine), input.Shape)
        : throw Unfit($"samples of {Axes} axes or more", input.Shape, "take fewer axes");
}

/// <summary><see cref="GroupNorm"/>: <c>group_norm(8)</c>.</summary>
public sealed record GroupNormSettings : LayerSettings
{
    private const int UsualGroups = 32, LeastInGroup = 4;

    /// <summary>Makes the settings.</summary>
    /// <param name="groups">Groups of channels, 1 or more; default null: 32, fewer where a group would have less than 4 channels.</param>
    public GroupNormSettings(int? groups = null) => Groups = groups;

    /// <summary>Groups of channels, 1 or more; null: 32 (Wu, He, ECCV 2018), fewer where a group would have less than 4 channels, since one
    /// value alone would be normalized to 0.</summary>
    public int? Groups { get; init => field = value is { } number ? AtLeast(1, number) : null; }

    /// <summary>Added to the variance, above 0; default 1e-5.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-5;

    /// <summary>Whether there are a scale and a shift to learn; default true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        int channels = input.Shape[0];
        return new(new GroupNorm(Groups ?? UsualFor(channels), channels, Epsilon, Affine), input.Shape);
    }

    private static int UsualFor(int channels) =>
        channels % LeastInGroup == 0 ? (int)BigInteger.GreatestCommonDivisor(UsualGroups, channels / LeastInGroup) : 1;
}

/// <summary><see cref="InstanceNorm"/>: <c>instance_norm(affine=true)</c>.</summary>
public sealed record InstanceNormSettings : LayerSettings
{
    /// <summary>Added to the variance, above 0; default 1e-5.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-5;

    /// <summary>Whether there are a scale and a shift to learn; default false.</summary>
    public bool Affine { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new InstanceNorm(input.Shape[0], Epsilon, Affine), input.Shape);
}
