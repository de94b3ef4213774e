using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>The loss of a micro-batch of a step's samples, to which regularizers add terms.</summary>
/// <param name="Loss">Mean loss of the micro-batch's samples, recorded.</param>
/// <param name="Features">Inputs, <c>[samples, ...]</c>; their derivatives are recorded where
/// <see cref="Regularizer.NeedsInputGradient"/> asks for it.</param>
/// <param name="Parameters">The network's parameters.</param>
public readonly record struct PenalizedLoss(Tensor Loss, Tensor Features, ParameterVector Parameters)
{
    /// <summary>Outputs of the network, recorded, <c>[samples, ...]</c>.</summary>
    public required Tensor Outputs { get; init; }

    /// <summary>What the loss compared the outputs with.</summary>
    public required Tensor Targets { get; init; }

    /// <summary>How many samples of the step the mean stands for: the step's samples times the weight of the micro-batch
    /// in the step.</summary>
    public double Samples { get; init; }

    /// <summary>Gradient of the mean loss of the whole step, as one tensor for each parameter; null where the micro-batch is
    /// the whole step.</summary>
    public IReadOnlyList<Tensor>? StepGradient { get; init; }
}
