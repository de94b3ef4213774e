using Thalweg.Diagnostics;

namespace Thalweg.Diagnosis;

/// <summary>The instruments that the doctor reads.</summary>
public static class DoctorInstruments
{
    /// <summary>What it reads while it only watches: data, signals, gradients, noise; steps spaced evenly on a logarithmic scale.</summary>
    public static IReadOnlyList<Instrument> Live { get; } =
    [
        new FeatureScaling(), new LeakingFeatures(), new ClassImbalance(), new ClassOrder(), new SplitCoverage(),
        new SaturatedShare { When = Often }, new DeadUnits { When = Often }, new UnitSimilarity { When = Seldom },
        new GradientNorm { When = Often }, new UpdateRatio { When = Often }, new ClippedShare { When = Often },
        new GradientCosine { When = Often }, new GradientNoise { When = Often }, new GradientOverTime { When = Often },
        new GeneralizationGap(), new EdgeOfStability { When = Seldom, Samples = MostSamples },
    ];

    /// <summary>What it reads while it trains by itself: curvature too.</summary>
    public static IReadOnlyList<Instrument> Full { get; } =
    [
        .. Live, new GradientCurvature { When = Seldom, Samples = MostSamples },
        new NegativeCurvature { When = Seldom, Samples = MostSamples, DenseUpTo = 0, MaxProducts = 20 },
    ];

    /// <summary>What a report draws beside: no finding rests on it.</summary>
    internal static IReadOnlyList<Instrument> Drawn { get; } =
    [
        new ActivationMoments { When = Often }, new ActivationHistogram { When = Seldom }, new GradientHistogram { When = Seldom },
        new SpectralDensity { When = Rarely, Samples = MostSamples, Steps = 16, Vectors = 1 },
    ];

    private const int MostSamples = 128;

    private static LogSpacedSteps Often => new(12);

    private static LogSpacedSteps Seldom => new(4);

    private static LogSpacedSteps Rarely => new(1);
}
