namespace Thalweg.Training;

/// <summary>How many samples an update looks at: the three modes of gradient descent.</summary>
/// <remarks>Source: Goodfellow, Bengio, Courville, "Deep Learning", 2016, section 8.1.3.</remarks>
public enum BatchMode
{
    /// <summary>Some samples: mini-batch descent.</summary>
    MiniBatch,

    /// <summary>All samples: full-batch, or deterministic, descent.</summary>
    FullBatch,

    /// <summary>One sample: stochastic, or online, descent.</summary>
    SingleSample,
}

/// <summary>What becomes of a last batch that is smaller than the others.</summary>
public enum LastBatch
{
    /// <summary>It is trained on like the others; one sample alone is left out, see <see cref="Trainer.StepsIn"/>.</summary>
    Kept,

    /// <summary>It is left out, so that all batches are of one size; the order of the next epoch brings its samples elsewhere.</summary>
    Dropped,
}

/// <summary>How the gradients of the samples of a step become one.</summary>
public enum BatchGradient
{
    /// <summary>g = (1/n) sum g_i.</summary>
    Mean,

    /// <summary>g = sum g_i: the rate that suits it is that of the mean divided by n; see <see cref="Conversions.RateOfSum"/>.</summary>
    Sum,
}

/// <summary>What the loss of an epoch is, in reports.</summary>
public enum EpochLossAverage
{
    /// <summary>Mean over the samples of the epoch.</summary>
    MeanOverSamples,

    /// <summary>Mean of the batches' means, in which the samples of a smaller last batch weigh more.</summary>
    MeanOfBatchMeans,
}
