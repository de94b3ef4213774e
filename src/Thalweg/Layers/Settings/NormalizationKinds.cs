namespace Thalweg.Layers;

/// <summary>Batch normalization, <see cref="BatchNorm1d"/> or <see cref="BatchNorm2d"/>: each unit or channel over the samples of a
/// batch.</summary>
public sealed record BatchNormalization : Normalization
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

    /// <inheritdoc/>
    public override LayerSettings LayerFor(bool isImage) => new BatchNormSettings
    {
        Epsilon = Epsilon,
        Momentum = Momentum,
        MomentumVariant = MomentumVariant,
        Variance = Variance,
        Population = Population,
        Affine = Affine,
        TrackRunningStatistics = TrackRunningStatistics,
    };
}

/// <summary>Layer normalization, <see cref="LayerNorm"/>: the units of each sample; for images all channels and positions of a sample,
/// <see cref="GroupNorm"/> of one group.</summary>
public sealed record LayerNormalization : Normalization
{
    /// <inheritdoc/>
    public override LayerSettings LayerFor(bool isImage) => isImage ? new GroupNormSettings(1) : new LayerNormSettings();
}

/// <summary>Root-mean-square normalization, <see cref="RmsNorm"/>: the units of each sample, their mean left as it is; not for
/// images.</summary>
public sealed record RmsNormalization : Normalization
{
    /// <inheritdoc/>
    public override bool RemovesMean => false;

    /// <inheritdoc/>
    public override LayerSettings LayerFor(bool isImage) => isImage
        ? throw new ThalwegException(
            "[model] expected dense layers alone for the normalization rms, got convolutions; use layer or group")
        : new RmsNormSettings();
}

/// <summary>Group normalization, <see cref="GroupNorm"/>: groups of channels of each sample.</summary>
public sealed record GroupNormalization : Normalization
{
    /// <summary>Makes the settings.</summary>
    /// <param name="groups">Groups of channels, 1 or more; default null: 32 (Wu, He, ECCV 2018), fewer where a group would have less than 4
    /// channels.</param>
    public GroupNormalization(int? groups = null) => Groups = groups;

    /// <summary>Groups of channels, 1 or more; null: 32, fewer where a group would have less than 4 channels.</summary>
    public int? Groups { get; init => field = value is { } number ? AtLeast(1, number) : null; }

    /// <inheritdoc/>
    public override LayerSettings LayerFor(bool isImage) => new GroupNormSettings(Groups);
}

/// <summary>Instance normalization, <see cref="InstanceNorm"/>, with scale and shift: each channel of each image; dense layers stay as they
/// are.</summary>
public sealed record InstanceNormalization : Normalization
{
    /// <inheritdoc/>
    public override LayerSettings? LayerFor(bool isImage) => isImage ? new InstanceNormSettings { Affine = true } : null;
}

/// <summary>Weight normalization, <see cref="WeightNorm"/>: the weight of each layer as length and direction.</summary>
public sealed record WeightNormalization : Normalization
{
    /// <inheritdoc/>
    public override bool IsOfWeights => true;

    /// <inheritdoc/>
    public override LayerSettings Wrap(LayerSettings layer) => new WeightNormSettings(layer);
}

/// <summary>Spectral normalization, <see cref="SpectralNorm"/>: the weight of each layer divided by its largest singular value.</summary>
public sealed record SpectralNormalization : Normalization
{
    /// <inheritdoc/>
    public override bool IsOfWeights => true;

    /// <inheritdoc/>
    public override LayerSettings Wrap(LayerSettings layer) => new SpectralNormSettings(layer);
}

/// <summary>The normalizations that texts name.</summary>
internal static class NormalizationForms
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() =>
        Thalweg.Settings.Add(new SettingsKind(typeof(Normalization), "normalization") { BuiltIn = Forms });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<BatchNormalization>(),
        SettingsForm.Of<LayerNormalization>(),
        SettingsForm.Of<RmsNormalization>(),
        SettingsForm.Of<GroupNormalization>(),
        SettingsForm.Of<InstanceNormalization>(),
        SettingsForm.Of<WeightNormalization>(),
        SettingsForm.Of<SpectralNormalization>(),
    ];
}
