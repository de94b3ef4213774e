namespace Thalweg.Data;

/// <summary>The samplers that texts name.</summary>
internal static class SamplerSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Sampler), "sampler") { BuiltIn = Forms });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<BalancedSampler>(),
        SettingsForm.Of<LengthSampler>(),
        SettingsForm.Of<SequentialSampler>(),
        SettingsForm.Of<ShuffledSampler>(),
    ];
}
