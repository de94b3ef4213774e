namespace Thalweg.Training;

/// <summary>A micro-batch of a step's samples after the forward pass, recorded; good until its visit ends. See
/// <see cref="TrainingObjective.Visit"/>.</summary>
public readonly record struct MicroBatchObjective
{
    /// <summary>Inputs, <c>[samples, ...]</c>, as the regularizers left them.</summary>
    public required Tensor Features { get; init; }

    /// <summary>What the loss compared the outputs with.</summary>
    public required Tensor Targets { get; init; }

    /// <summary>Outputs of the network, <c>[samples, outputs]</c>.</summary>
    public required Tensor Outputs { get; init; }

    /// <summary>The micro-batch's part of the objective: the micro-batches add up to it, penalties on the parameters left aside.</summary>
    public required Tensor Objective { get; init; }

    /// <summary>Mean loss of the micro-batch, without regularizers.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of this micro-batch in the step, dimensionless, in [0, 1]: of its samples, or of their weights where they, or their
    /// classes, have some.</summary>
    public required double Share { get; init; }

    /// <summary>By how much the loss of each sample counts, weights of classes included, <c>[samples]</c>; null where each counts
    /// 1.</summary>
    public Tensor? SampleWeights { get; init; }

    /// <summary>Number of the micro-batch, from 0.</summary>
    public required int Index { get; init; }
}
