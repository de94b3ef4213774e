using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>The named optimizers that texts name.</summary>
internal static class OptimizerSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(NamedOptimizer), "optimizer")
    {
        Family = RuleSettings.Family,
        PrintsNumbers = true,
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<AdaBelief>("adabelief"),
        SettingsForm.Of<AdaDelta>("adadelta"),
        SettingsForm.Of<Adafactor>(),
        SettingsForm.Of<AdaGrad>("adagrad"),
        SettingsForm.Of<Adam>(),
        SettingsForm.Of<AdaMax>("adamax"),
        SettingsForm.Of<AdamW>("adamw"),
        SettingsForm.Of<Adan>(),
        SettingsForm.Of<AmsGrad>("amsgrad"),
        SettingsForm.Of<Asam>(),
        SettingsForm.Of<Asgd>(),
        SettingsForm.Of<DeltaBarDelta>(),
        SettingsForm.Of<Ftrl>(),
        SettingsForm.Of<Gains>(),
        SettingsForm.Of<Kfac>(),
        SettingsForm.Of<Lamb>(),
        SettingsForm.Of<Lars>(),
        SettingsForm.Of<Lion>(),
        SettingsForm.Of<Momentum>(),
        SettingsForm.Of<Muon>(),
        SettingsForm.Of<NAdam>("nadam"),
        SettingsForm.Of<Nesterov>(),
        SettingsForm.Of<Prodigy>(),
        SettingsForm.Of<RAdam>("radam"),
        SettingsForm.Of<RmsProp>("rmsprop"),
        SettingsForm.Of<Rprop>(),
        SettingsForm.Of<Sam>(),
        SettingsForm.Of<ScheduleFreeAdamW>("schedule_free_adamw"),
        SettingsForm.Of<ScheduleFreeSgd>(),
        SettingsForm.Of<Sgd>(),
        SettingsForm.Of<Shampoo>(),
        SettingsForm.Of<Soap>(),
        SettingsForm.Of<Sophia>(),
        SettingsForm.Of<Yogi>(),
    ];
}
