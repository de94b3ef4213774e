using Thalweg.Layers;

namespace Thalweg.Data;

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
