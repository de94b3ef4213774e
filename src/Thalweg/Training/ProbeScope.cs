using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Initialization;

/// <summary>A time in which a network runs as in training and then is as it was: its mode is put back, its running statistics do not
/// move.</summary>
internal static class ProbeScope
{
    private const int BatchSize = 512;

    /// <summary>Begins it: as the first step of a training, of which nothing stays.</summary>
    public static ForwardScope Begin() => ForwardContext.Begin(new ForwardOptions { IsTraining = true, Step = 0, IsRepeat = true });

    /// <summary>Some hundreds of training samples, the first of an epoch's order.</summary>
    /// <param name="module">Says the element type.</param>
    /// <param name="training">The data.</param>
    /// <param name="seed">Names the order.</param>
    public static (Tensor Features, Tensor Targets) Batch(Module module, TrainingSet training, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(training);
        int[] order = new int[training.Data.Count];
        training.FillOrder(seed, 0, order);
        int count = Math.Min(BatchSize, order.Length);
        (Tensor features, Tensor targets) = new Batches(training.Data, count, module.DType).Take(order.AsSpan(0, count));
        return (features, targets);
    }
}
