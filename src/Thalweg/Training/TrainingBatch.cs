using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>Some training samples as a training takes them, with the loss of a network on them: to look at a network before it
/// trains.</summary>
public sealed class TrainingBatch
{
    private readonly OutputForm _form;

    private TrainingBatch(Loss loss, OutputForm form, Tensor features, Tensor targets) =>
        (Loss, _form, Features, Targets) = (loss, form, features, targets);

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>Features <c>[samples, ...]</c>, of the element type of the network.</summary>
    public Tensor Features { get; }

    /// <summary>Targets as the loss takes them.</summary>
    public Tensor Targets { get; }

    /// <summary>Takes up to 512 samples, the first of an epoch's order.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="training">The data.</param>
    /// <param name="seed">Names the order; default 1.</param>
    /// <param name="loss">The loss of the training; default null, the one that belongs to the task.</param>
    /// <exception cref="ThalwegException">Loss, outputs and targets do not fit together.</exception>
    public static TrainingBatch Take(Module module, TrainingSet training, ulong seed = 1, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        Loss aim = loss ?? Evaluator.LossOf(training.Data.Task);
        OutputForm form = new Evaluator(module, aim).FormOf(training.Data);
        (Tensor features, Tensor targets) = ProbeScope.Batch(module, training, seed);
        return new(aim, form, features, form.Encode(targets, features.DType));
    }

    /// <summary>The mean loss of outputs for these samples.</summary>
    /// <param name="outputs">What the network computes from <see cref="Features"/>.</param>
    public Tensor MeanLoss(Tensor outputs) => Loss.Compute(_form.Adapt(outputs), Targets);
}
