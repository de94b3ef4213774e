namespace Thalweg.Rules;

/// <summary>The rules that texts name.</summary>
internal static class RuleSettings
{
    /// <summary>What an optimizer's text may name: rules, named optimizers and minimizers.</summary>
    public const string Family = "optimizer";

    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Rule), "rule")
    {
        Family = Family,
        PrintsNumbers = true,
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<Accumulate>(),
        SettingsForm.Of<AddDecayedWeights>(),
        SettingsForm.Of<AddNoise>(),
        SettingsForm.Of<AddSign>(),
        SettingsForm.Of<AverageWeights>(),
        SettingsForm.Of<Centralize>(),
        SettingsForm.Of<ClipByGlobalNorm>(),
        SettingsForm.Of<ClipByUnit>(),
        SettingsForm.Of<ClipByValue>(),
        SettingsForm.Of<ClipEach>(),
        SettingsForm.Of<DecayWhere>(),
        SettingsForm.Of<FollowRegularizedLeader>(),
        SettingsForm.Of<Freeze>(),
        SettingsForm.Of<Lookahead>(),
        SettingsForm.Of<Orthogonalize>(),
        SettingsForm.Of<ProjectMaxNorm>(),
        SettingsForm.Of<ProjectUnitNorm>(),
        SettingsForm.Of<ReduceOnPlateau>(),
        SettingsForm.Of<Scale>(),
        SettingsForm.Of<ScaleByAdaDelta>("scale_by_adadelta"),
        SettingsForm.Of<ScaleByAdafactor>(),
        SettingsForm.Of<ScaleByAdaGrad>("scale_by_adagrad"),
        SettingsForm.Of<ScaleByAdam>(),
        SettingsForm.Of<ScaleByAdaMax>("scale_by_adamax"),
        SettingsForm.Of<ScaleByAdan>(),
        SettingsForm.Of<ScaleByBelief>(),
        SettingsForm.Of<ScaleByDeltaBarDelta>(),
        SettingsForm.Of<ScaleByDepth>(),
        SettingsForm.Of<ScaleByGains>(),
        SettingsForm.Of<ScaleByKfac>(),
        SettingsForm.Of<ScaleByLearningRate>(),
        SettingsForm.Of<ScaleByLion>(),
        SettingsForm.Of<ScaleByMomentum>(),
        SettingsForm.Of<ScaleByNAdam>("scale_by_nadam"),
        SettingsForm.Of<ScaleByProdigy>(),
        SettingsForm.Of<ScaleByRAdam>("scale_by_radam"),
        SettingsForm.Of<ScaleByRms>(),
        SettingsForm.Of<ScaleByRprop>(),
        SettingsForm.Of<ScaleByShampoo>(),
        SettingsForm.Of<ScaleBySoap>(),
        SettingsForm.Of<ScaleBySophia>(),
        SettingsForm.Of<ScaleByTrustRatio>(),
        SettingsForm.Of<ScaleByYogi>(),
        SettingsForm.Of<ScaleWhere>(),
        SettingsForm.Of<ScheduleFree>(),
        SettingsForm.Of<SharpnessAware>(),
        SettingsForm.Of<ShrinkWeights>(),
        SettingsForm.Of<SkipNonFinite>(),
    ];
}
