namespace Thalweg.Diagnosis;

/// <summary>All diagnosers.</summary>
internal static class Diagnosers
{
    /// <summary>One for each cause.</summary>
    public static IReadOnlyList<Diagnoser> All { get; } =
    [
        new SymmetricStart(), new WeightsTooLarge(), new WeightsTooSmall(), new DeadRelu(), new Saturation(), new ActivationMissing(),
        new VanishingGradients(), new ExplodingGradients(), new ExplodingInTime(), new RateTooHigh(), new RateTooLow(),
        new EdgeOfStabilityReached(), new RateNotDecayed(), new MomentumTooHigh(), new ClippingEveryStep(), new AdaGradStalled(),
        new EpsilonTooLarge(), new EpsilonTooSmall(), new Saddle(), new Plateau(), new Cliff(), new IllConditioning(),
        new GradientNoiseTooLarge(), new BatchTooLarge(), new BatchTooSmall(), new BatchNormTinyBatch(), new BatchNormMode(),
        new DecayTooStrong(), new PenaltyTooStrong(), new DropoutTooStrong(), new Overfitting(), new Overconfidence(), new TooFewUnits(),
        new TooFewLayers(), new TooFewEpochs(), new UnscaledInputs(), new ConstantInput(), new Leakage(), new UnshuffledData(),
        new LabelNoise(), new OverlappingClasses(), new TooLittleData(), new ImbalanceIgnored(), new SoftmaxTwice(), new SoftmaxMissing(),
        new LossMismatch(), new BoundedOutput(), new WrongOutputBias(), new ValidationMissing(), new ValidationTooSmall(),
        new TestReadTooOften(), new EarlyStoppingTooEarly(), new NonFiniteOrigin(), new WrongGradient(),
    ];
}
