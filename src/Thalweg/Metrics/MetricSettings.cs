namespace Thalweg.Metrics;

/// <summary>The metrics that texts name.</summary>
internal static class MetricSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Metric), "metric")
    {
        // The name in runs that were saved before 0.1.0.
        ShortNames = new Dictionary<string, string> { ["top_kaccuracy"] = "top_k_accuracy" },
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<Accuracy>(),
        SettingsForm.Of<BalancedAccuracy>(),
        SettingsForm.Of<LossMetric>("loss"),
        SettingsForm.Of<MacroF1>("macro_f1"),
        SettingsForm.Of<MeanAbsoluteError>(),
        SettingsForm.Of<R2>("r2"),
        SettingsForm.Of<RootMeanSquaredError>(),
        SettingsForm.Of<TaskMetric>("metric"),
        SettingsForm.Of<TopKAccuracy>("top_k_accuracy"),
    ];
}
