namespace Thalweg.Diagnosis;

/// <summary>Takes findings back to suspicions that another finding explains.</summary>
/// <remarks>A cause that stands in the recipe or the data, and whose fix gains much, explains what its run looks like: spikes, flat ground, slow
/// learning. Pairs that the same sign may stand for are left both. Source: explaining away, Pearl, Probabilistic reasoning in intelligent
/// systems, 1988, section 2.3.2.</remarks>
internal static class Precedence
{
    /// <summary>Confidence from which on a finding explains others, and the one that an explained finding is left with.</summary>
    private const double Explains = 0.8, Explained = 0.4;

    /// <summary>Share of the gain of the best fix below which the fix of a generic cause counts as a side effect.</summary>
    private const double SideEffect = 0.6;

    private static readonly Cause[] s_symptoms =
    [
        Cause.Cliff, Cause.Plateau, Cause.Saddle, Cause.Overconfidence, Cause.NonfiniteOrigin, Cause.EdgeOfStability, Cause.RateNotDecayed,
        Cause.GradientNoise, Cause.IllConditioning, Cause.RateTooHigh, Cause.RateTooLow, Cause.TooFewEpochs, Cause.VanishingGradients,
        Cause.ExplodingGradients, Cause.DeadRelu, Cause.Saturation, Cause.Overfitting, Cause.BatchTooSmall, Cause.BatchTooLarge,
        Cause.TooFewUnits, Cause.TooFewLayers, Cause.WrongOutputBias, Cause.WeightsTooSmall, Cause.WeightsTooLarge,
    ];

    private static readonly Cause[] s_roots =
    [
        Cause.SymmetricStart, Cause.ExplodingInTime, Cause.ActivationMissing, Cause.MomentumTooHigh, Cause.ClippingEveryStep,
        Cause.AdagradStalled, Cause.EpsilonTooLarge, Cause.EpsilonTooSmall, Cause.BatchnormTinyBatch, Cause.BatchnormMode,
        Cause.DecayTooStrong, Cause.PenaltyTooStrong, Cause.DropoutTooStrong, Cause.UnscaledInputs, Cause.ConstantInput, Cause.Leakage,
        Cause.UnshuffledData, Cause.SoftmaxTwice, Cause.SoftmaxMissing, Cause.LossMismatch, Cause.BoundedOutput,
        Cause.EarlyStoppingTooEarly, Cause.WrongGradient, Cause.LabelNoise, Cause.OverlappingClasses, Cause.TooLittleData,
        Cause.WeightsTooSmall, Cause.WeightsTooLarge, Cause.WrongOutputBias,
    ];

    /// <summary>Causes that the sign of a root may stand for as well, which it does not explain away.</summary>
    private static readonly Dictionary<Cause, Cause[]> s_pairs = new()
    {
        [Cause.SymmetricStart] = [Cause.Saddle],
        [Cause.WeightsTooSmall] = [Cause.Saddle, Cause.VanishingGradients, Cause.SymmetricStart, Cause.Plateau, Cause.Saturation],
        [Cause.WeightsTooLarge] = [Cause.Saturation, Cause.ExplodingGradients, Cause.VanishingGradients, Cause.Cliff, Cause.DeadRelu],
        [Cause.LossMismatch] = [Cause.Plateau],
        [Cause.ExplodingInTime] = [Cause.Cliff, Cause.WeightsTooLarge],
        [Cause.UnscaledInputs] = [Cause.IllConditioning],
        [Cause.BatchnormTinyBatch] = [Cause.BatchTooSmall],
        [Cause.LabelNoise] = [Cause.Overfitting, Cause.Overconfidence],
        [Cause.OverlappingClasses] = [Cause.Overfitting, Cause.Overconfidence],
        [Cause.TooLittleData] = [Cause.Overfitting, Cause.Overconfidence],
    };

    /// <summary>The findings with those that others explain taken back.</summary>
    /// <param name="findings">The findings.</param>
    public static IReadOnlyList<Finding> Apply(IReadOnlyList<Finding> findings)
    {
        Finding[] roots = [.. findings.Where(finding => finding.Confidence >= Explains && s_roots.Contains(finding.Cause))];
        double best = findings.Where(finding => finding.Confidence >= Examination.FindingThreshold).Select(GainOf).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return [.. findings.Select(finding => IsExplained(finding, roots, best)
            ? finding with { Confidence = Math.Min(finding.Confidence, Explained) } : finding)];
    }

    private static bool IsExplained(Finding finding, Finding[] roots, double best)
    {
        if (finding.Confidence < Examination.FindingThreshold || !s_symptoms.Contains(finding.Cause))
            return false;
        if (roots.Any(root => root.Cause != finding.Cause && !s_pairs.GetValueOrDefault(root.Cause, []).Contains(finding.Cause)))
            return true;
        return GainOf(finding) is var gain && !double.IsNaN(gain) && gain < SideEffect * best;
    }

    /// <summary>What the best fix of a finding gained; NaN where none was replayed.</summary>
    private static double GainOf(Finding finding) =>
        finding.Evidence.LastOrDefault(evidence => evidence.Quantity == "replay_gain")?.Value ?? double.NaN;
}
