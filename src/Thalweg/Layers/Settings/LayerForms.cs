using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Thalweg.Layers;

/// <summary>The layers that texts name.</summary>
internal static class LayerForms
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Thalweg.Settings.Add(new SettingsKind(typeof(LayerSettings), "layer")
    {
        Suffix = "settings",
        Values =
        [
            SettingsValue.Of<Size2d>("a size as in 3 or 3x5", ReadSize, WriteSize, static () => 2),
            SettingsValue.ListOf<LayerSettings>(),
        ],
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<DenseSettings>(),
        SettingsForm.Of<OutputSettings>(),
        SettingsForm.Of<MaxoutSettings>(),
        SettingsForm.Of<ActivationSettings>(),
        SettingsForm.Of<PReluSettings>("prelu"),
        SettingsForm.Of<FunctionSettings>(),
        SettingsForm.Of<SoftmaxSettings>(),
        SettingsForm.Of<LogSoftmaxSettings>(),
        SettingsForm.Of<FlattenSettings>(),
        SettingsForm.Of<MeanSettings>(),
        SettingsForm.Of<EmbeddingSettings>(),
        SettingsForm.Of<ConvSettings>(),
        SettingsForm.Of<ConvTransposeSettings>(),
        SettingsForm.Of<MaxPoolSettings>(),
        SettingsForm.Of<AvgPoolSettings>(),
        SettingsForm.Of<AdaptiveAvgPoolSettings>(),
        SettingsForm.Of<AdaptiveMaxPoolSettings>(),
        SettingsForm.Of<BatchNormSettings>(),
        SettingsForm.Of<LayerNormSettings>(),
        SettingsForm.Of<RmsNormSettings>(),
        SettingsForm.Of<GroupNormSettings>(),
        SettingsForm.Of<InstanceNormSettings>(),
        SettingsForm.Of<WeightNormSettings>(),
        SettingsForm.Of<SpectralNormSettings>(),
        SettingsForm.Of<DropoutSettings>(),
        SettingsForm.Of<ChannelDropoutSettings>(),
        SettingsForm.Of<AlphaDropoutSettings>(),
        SettingsForm.Of<GaussianDropoutSettings>(),
        SettingsForm.Of<GaussianNoiseSettings>(),
        SettingsForm.Of<StochasticDepthSettings>(),
        SettingsForm.Of<RnnSettings>(),
        SettingsForm.Of<LstmSettings>(),
        SettingsForm.Of<GruSettings>(),
        SettingsForm.Of<AttentionSettings>(),
        SettingsForm.Of<TransformerBlockSettings>(),
        SettingsForm.Of<TransformerSettings>(),
        SettingsForm.Of<SinusoidalPositionsSettings>(),
        SettingsForm.Of<LearnedPositionsSettings>(),
        SettingsForm.Of<RotaryPositionsSettings>(),
        SettingsForm.Of<SequentialSettings>(),
        SettingsForm.Of<ResidualSettings>(),
        SettingsForm.Of<DenseBlockSettings>(),
        SettingsForm.Of<RecomputedSettings>("checkpointed"),
    ];

    private static bool ReadSize(SettingsNode node, [MaybeNullWhen(false)] out Size2d value)
    {
        string[] parts = node.Name.Split('x');
        value = default;
        if (node.Arguments.Count > 0 || parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int width))
        {
            return false;
        }

        value = (height, width);
        return true;
    }

    private static SettingsNode WriteSize(Size2d size) =>
        new(size.Height == size.Width ? size.Height.ToString(CultureInfo.InvariantCulture) : size.ToString());
}
