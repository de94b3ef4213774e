namespace Thalweg.Schedules;

/// <summary>The schedules that texts name.</summary>
internal static class ScheduleSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Schedule), "schedule")
    {
        PrintsNumbers = true,
        Values = [Milestones.Text],
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<ConstantSchedule>(),
        SettingsForm.Of<CorrectionSchedule>(),
        SettingsForm.Of<CosineRestartsSchedule>(),
        SettingsForm.Of<CosineSchedule>(),
        SettingsForm.Of<CyclicSchedule>(),
        SettingsForm.Of<ExponentialSchedule>(),
        SettingsForm.Of<GrowthSchedule>(),
        SettingsForm.Of<InverseRootSchedule>(),
        SettingsForm.Of<InverseTimeSchedule>(),
        SettingsForm.Of<LinearSchedule>(),
        SettingsForm.Of<MinimumSchedule>(),
        SettingsForm.Of<MultiStepSchedule>(),
        SettingsForm.Of<OneCycleSchedule>(),
        SettingsForm.Of<PolynomialSchedule>(),
        SettingsForm.Of<ProductSchedule>(),
        SettingsForm.Of<SequenceSchedule>(),
        SettingsForm.Of<StepSchedule>(),
    ];
}
