using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>Some samples, gathered.</summary>
/// <param name="batch">All inputs and targets by name.</param>
/// <param name="targets">The target as the task's form takes it: Int32 classes <c>[samples]</c>, numbers <c>[samples, n]</c>, or the columns
/// of several targets.</param>
internal readonly struct GatheredBatch(Batch batch, Tensor targets)
{
    /// <summary>All inputs and targets by name.</summary>
    public Batch Batch => batch;

    /// <summary>The target as the task's form takes it.</summary>
    public Tensor Targets => targets;

    /// <summary>The first input, <c>[samples, ...]</c>.</summary>
    public Tensor Features => Batch.Inputs[0];

    /// <summary>Weights <c>[samples]</c>; null where the data has none.</summary>
    public Tensor? Weights => Batch.Weights;

    /// <summary>Inputs and targets, where weights do not matter.</summary>
    public void Deconstruct(out Tensor features, out Tensor targets) => (features, targets) = (Features, Targets);

    /// <summary>Inputs, targets and weights.</summary>
    public void Deconstruct(out Tensor features, out Tensor targets, out Tensor? weights) =>
        (features, targets, weights) = (Features, Targets, Weights);
}
