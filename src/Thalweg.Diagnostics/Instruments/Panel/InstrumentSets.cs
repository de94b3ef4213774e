namespace Thalweg.Diagnostics;

/// <summary>Sets of instruments for a panel.</summary>
public static class InstrumentSets
{
    /// <summary>What a run can always afford: signals, gradients, noise and the data; every 16th step.</summary>
    public static IReadOnlyList<Instrument> Default { get; } =
    [
        new FeatureScaling(), new DuplicateFeatures(), new LeakingFeatures(), new ClassImbalance(), new ClassOrder(), new SplitCoverage(),
        new LabelNoise(), new ActivationMoments(), new SaturatedShare(), new DeadUnits(), new GradientNorm(), new WeightNorm(),
            new UpdateRatio(),
        new ClippedShare(), new GradientCosine(), new GradientNoise(), new StepQuality(), new GradientOverTime(), new GeneralizationGap(),
        new StepTimes(),
    ];

    /// <summary>What the economy set of Cockpit measures (Schneider, Dangel, Hennig, 2021): step quality, distance, update, gradient
    /// norm and
    /// histogram, and the three tests of the noise; every 16th step.</summary>
    public static IReadOnlyList<Instrument> Economy { get; } =
    [
        new StepQuality(), new DistanceFromStart(), new UpdateRatio(), new GradientNorm(), new GradientHistogram(), new GradientNoise(),
    ];

    /// <summary>All instruments: those of the curvature every 256th step, the others every 16th.</summary>
    public static IReadOnlyList<Instrument> Full { get; } =
    [
        .. Default, new ActivationHistogram(), new UnitSimilarity(), new EffectiveRank(), new GradientHistogram(), new DistanceFromStart(),
        new PathLength(), new GradientSignal(), new RecurrentSpectrum(),
        new GradientCurvature { When = new EverySteps(256) },
        new CurvatureEigenvalues { When = new EverySteps(256) },
        new CurvatureTrace { When = new EverySteps(256) },
        new SpectralDensity { When = new EverySteps(1024) },
        new NegativeCurvature { When = new EverySteps(1024) },
        new EdgeOfStability { When = new EverySteps(256) },
    ];
}
