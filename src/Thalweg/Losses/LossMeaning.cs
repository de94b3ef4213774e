namespace Thalweg.Losses;

/// <summary>How a loss takes the class of a sample.</summary>
internal enum ClassTargets
{
    /// <summary>As a label: Int32 <c>[batch]</c>.</summary>
    Labels,

    /// <summary>As a list of labels that ends with -1: Int32 <c>[batch, classes]</c>.</summary>
    LabelLists,

    /// <summary>As 1 for the class and 0 for the others (one-hot): <c>[batch, outputs]</c>.</summary>
    Indicators,

    /// <summary>As 1 for the class and -1 for the others: <c>[batch, outputs]</c>.</summary>
    Signs,

    /// <summary>As the logarithms of 1 and 0: <c>[batch, outputs]</c>.</summary>
    LogIndicators,
}

/// <summary>What a loss takes an output y for.</summary>
internal enum OutputLink
{
    /// <summary>The number or the probability itself: y.</summary>
    Identity,

    /// <summary>A score beside those of the other classes: softmax.</summary>
    Softmax,

    /// <summary>The logit of a probability: 1 / (1 + e^-y).</summary>
    Logistic,

    /// <summary>A logarithm: e^y.</summary>
    Exponential,

    /// <summary>A distance, small where the class fits: 1 - y / margin, between 0 and 1.</summary>
    Distance,
}

/// <summary>What a loss takes outputs and targets for: the table of all losses, from which <see cref="Data.OutputForm"/> says how targets
/// are encoded and predictions are read.</summary>
/// <param name="Targets">How it takes a class.</param>
/// <param name="Link">What it takes an output for.</param>
internal sealed record LossMeaning(ClassTargets Targets, OutputLink Link)
{
    /// <summary>Whether it can be computed on numbers to predict.</summary>
    public bool TakesNumbers { get; init; } = true;

    /// <summary>Whether its targets mean something in their own unit (a count, a probability, a sign), so that they must
    /// not be standardized.</summary>
    public bool HasOwnUnit { get; init; }

    /// <summary>Whether its targets are counts, which may be of any size.</summary>
    public bool IsCount { get; init; }

    /// <summary>Outputs for each number or class: 2 where each has a variance too.</summary>
    public int OutputsPerTarget { get; init; } = 1;

    /// <summary>Whether one output for two classes is the usual choice.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Whether two classes need two outputs, because nothing holds down the output of a class that a sample
    /// does not have.</summary>
    public bool NeedsAllClasses { get; init; }

    /// <summary>Why classes are doubtful with it; null where they are not.</summary>
    public string? DoubtOnClasses { get; init; }

    /// <summary>Output activation without which its outputs are not what it takes them for; null where they may be anything.</summary>
    public string? Wants { get; init; }

    /// <summary>Margin of <see cref="OutputLink.Distance"/>.</summary>
    public double Margin { get; init; } = 1;

    /// <summary>The meaning of a loss. One that is not known here gets labels for classes, whose softmax are the probabilities.</summary>
    /// <param name="loss">The loss.</param>
    public static LossMeaning Of(Loss loss) => loss switch
    {
        CrossEntropyLoss => new(ClassTargets.Labels, OutputLink.Softmax) { TakesNumbers = false },
        NegativeLogLikelihoodLoss => new(ClassTargets.Labels, OutputLink.Softmax) { TakesNumbers = false, Wants = "log_softmax" },
        MultiMarginLoss => new(ClassTargets.Labels, OutputLink.Softmax) { TakesNumbers = false },
        MultiLabelMarginLoss => new(ClassTargets.LabelLists, OutputLink.Softmax) { TakesNumbers = false },
        BinaryCrossEntropyLoss or MultiLabelSoftMarginLoss => new(ClassTargets.Indicators, OutputLink.Logistic)
        {
            HasOwnUnit = true,
            IsBinary = true,
        },
        SoftMarginLoss => new(ClassTargets.Signs, OutputLink.Logistic) { HasOwnUnit = true, IsBinary = true },
        ProbabilityCrossEntropyLoss => new(ClassTargets.Indicators, OutputLink.Identity)
        {
            HasOwnUnit = true,
            IsBinary = true,
            Wants = "sigmoid",
        },
        KullbackLeiblerLoss divergence => new(
            divergence.LogTargets ? ClassTargets.LogIndicators : ClassTargets.Indicators, OutputLink.Exponential)
        {
            HasOwnUnit = true,
            NeedsAllClasses = true,
            Wants = "log_softmax",
        },
        PoissonLoss poisson => new(ClassTargets.Indicators, poisson.LogInput ? OutputLink.Exponential : OutputLink.Identity)
        {
            HasOwnUnit = true,
            IsCount = true,
            DoubtOnClasses = "takes classes for counts of 0 and 1",
            Wants = poisson.LogInput ? null : "softplus",
        },
        HingeEmbeddingLoss hinge => new(ClassTargets.Signs, OutputLink.Distance)
        {
            HasOwnUnit = true,
            DoubtOnClasses = "takes outputs for distances of pairs",
            Margin = hinge.Margin,
            Wants = "softplus",
        },
        GaussianLoss => new(ClassTargets.Indicators, OutputLink.Identity)
        {
            OutputsPerTarget = 2,
            DoubtOnClasses = "takes classes for the numbers 0 and 1 with a normal error",
        },
        MeanSquaredErrorLoss or AbsoluteErrorLoss or HuberLoss or SmoothAbsoluteErrorLoss => new(
            ClassTargets.Indicators, OutputLink.Identity)
        {
            DoubtOnClasses = "takes classes for the numbers 0 and 1",
        },
        ElementLoss => new(ClassTargets.Indicators, OutputLink.Identity),
        _ => new(ClassTargets.Labels, OutputLink.Softmax),
    };
}
