using Thalweg.Data;
using Thalweg.Layers;

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

/// <summary>The outputs of a network for a batch, whatever its inputs and outputs are.</summary>
internal static class NetworkOutputs
{
    /// <summary>All outputs by name.</summary>
    public static TensorDictionary Named(Module module, Batch batch) => NeedsNames(module, batch)
        ? module.Forward(batch.Inputs)
        : new TensorDictionary(("output", Only(module, batch)));

    /// <summary>The outputs as one tensor.</summary>
    public static Tensor Of(Module module, Batch batch, OutputForm form) => NeedsNames(module, batch)
        ? form.Join(module.Forward(batch.Inputs))
        : Only(module, batch);

    private static bool NeedsNames(Module module, Batch batch) =>
        batch.Inputs.Count > 1 || batch.Targets.Count > 1 || module is TensorDictionaryModule;

    private static Tensor Only(Module module, Batch batch) =>
        batch.Lengths is null ? module.Forward(batch.Inputs[0]) : module.Forward(batch.Inputs[0], batch.Lengths);
}
