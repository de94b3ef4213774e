namespace Thalweg.Metrics;

/// <summary>The metrics that texts name.</summary>
internal static class MetricSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Metric), "metric")
    {
        BuiltIn = Forms,
        ShortNames = new Dictionary<string, string>
        {
            ["ece"] = "expected_calibration_error",
            ["mae"] = "mean_absolute_error",
            ["mape"] = "mean_absolute_percentage_error",
            ["mcc"] = "matthews",
            ["pr_auc"] = "average_precision",
            ["rmse"] = "root_mean_squared_error",

            // As recipes before the first release had it.
            ["top_kaccuracy"] = "top_k_accuracy",
        },
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<Accuracy>(),
        SettingsForm.Of<AveragePrecision>(),
        SettingsForm.Of<BalancedAccuracy>(),
        SettingsForm.Of<Brier>(),
        SettingsForm.Of<ExpectedCalibrationError>(),
        SettingsForm.Of<F1>("f1"),
        SettingsForm.Of<LogLoss>("log_loss"),
        SettingsForm.Of<LossMetric>("loss"),
        SettingsForm.Of<MacroF1>("macro_f1"),
        SettingsForm.Of<Matthews>(),
        SettingsForm.Of<MeanAbsoluteError>(),
        SettingsForm.Of<MeanAbsolutePercentageError>(),
        SettingsForm.Of<Perplexity>(),
        SettingsForm.Of<Pinball>(),
        SettingsForm.Of<Precision>(),
        SettingsForm.Of<R2>("r2"),
        SettingsForm.Of<Recall>(),
        SettingsForm.Of<RocAuc>(),
        SettingsForm.Of<RootMeanSquaredError>(),
        SettingsForm.Of<TaskMetric>("metric"),
        SettingsForm.Of<TopKAccuracy>("top_k_accuracy"),
    ];
}
