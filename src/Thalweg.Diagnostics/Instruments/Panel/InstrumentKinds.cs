namespace Thalweg.Diagnostics;

/// <summary>Makes instruments and their schedules kinds of settings, so that they have texts.</summary>
internal static class InstrumentKinds
{
    static InstrumentKinds()
    {
        Settings.RegisterKind<InstrumentSchedule>("instrument schedule");
        Settings.Register<EverySteps>("every");
        Settings.Register<LogSpacedSteps>("log_spaced");
        Settings.RegisterKind<Instrument>("instrument");
        Settings.Register<ActivationMoments>();
        Settings.Register<ActivationHistogram>();
        Settings.Register<SaturatedShare>();
        Settings.Register<DeadUnits>();
        Settings.Register<UnitSimilarity>();
        Settings.Register<EffectiveRank>();
        Settings.Register<GradientNorm>();
        Settings.Register<GradientHistogram>();
        Settings.Register<WeightNorm>();
        Settings.Register<UpdateRatio>();
        Settings.Register<DistanceFromStart>();
        Settings.Register<PathLength>();
        Settings.Register<ClippedShare>();
        Settings.Register<GradientCosine>();
        Settings.Register<GradientNoise>();
        Settings.Register<GradientSignal>();
        Settings.Register<StepQuality>();
        Settings.Register<GeneralizationGap>();
        Settings.Register<GradientCurvature>();
        Settings.Register<CurvatureEigenvalues>();
        Settings.Register<CurvatureTrace>();
        Settings.Register<SpectralDensity>();
        Settings.Register<NegativeCurvature>();
        Settings.Register<EdgeOfStability>();
        Settings.Register<GradientOverTime>();
        Settings.Register<RecurrentSpectrum>();
        Settings.Register<FeatureScaling>();
        Settings.Register<DuplicateFeatures>();
        Settings.Register<LeakingFeatures>();
        Settings.Register<ClassImbalance>();
        Settings.Register<ClassOrder>();
        Settings.Register<SplitCoverage>();
        Settings.Register<LabelNoise>();
        Settings.Register<StepTimes>();
    }

    /// <summary>Does it, once in a process.</summary>
    public static void Register()
    {
    }
}
