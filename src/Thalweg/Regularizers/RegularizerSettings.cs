namespace Thalweg.Regularizers;

/// <summary>The regularizers that texts name.</summary>
internal static class RegularizerSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Regularizer), "regularizer")
    {
        PrintsNumbers = true,
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<CutMix>("cutmix"),
        SettingsForm.Of<ElasticNet>(),
        SettingsForm.Of<GradientPenalty>(),
        SettingsForm.Of<InputNoise>(),
        SettingsForm.Of<L1Penalty>("l1"),
        SettingsForm.Of<L2Penalty>("l2"),
        SettingsForm.Of<LabelSmoothing>(),
        SettingsForm.Of<Mixup>(),
        SettingsForm.Of<RandomCrop>(),
        SettingsForm.Of<RandomErase>(),
        SettingsForm.Of<RandomFlip>(),
        SettingsForm.Of<RandomRotation>(),
        SettingsForm.Of<RandomShift>(),
        SettingsForm.Of<WeightGradientPenalty>(),
    ];
}
