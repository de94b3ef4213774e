using Thalweg.Data;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>Some samples on their way into the network: what a regularizer may change before the forward pass.</summary>
/// <param name="Features">Inputs <c>[samples, ...]</c>, in memory of their own that may be overwritten.</param>
/// <param name="Labels">The true targets: Int32 <c>[samples]</c>, or numbers <c>[samples, 1]</c>; scores are taken against them.</param>
public record struct SampleBatch(Tensor Features, Tensor Labels)
{
    /// <summary>What the loss compares the outputs with; at first the true targets.</summary>
    public Tensor Targets { get; set; } = Labels;

    /// <summary>Weights of the samples in the loss, <c>[samples]</c>; null where each counts 1.</summary>
    public Tensor? Weights { get; set; }

    /// <summary>The loss, which knows what labels weigh; default one that ignores none.</summary>
    public Loss Loss { get; init; } = Loss.MeanSquaredError;

    /// <summary>How the loss takes the outputs; null where it takes them as they are.</summary>
    internal OutputForm? Form { get; init; }

    /// <summary>What the mean loss of the samples divides by, from their true targets: see <see cref="Losses.Loss.TotalWeight"/>.</summary>
    public double TotalWeight { get; internal init; }

    /// <summary>All inputs and targets by name; null where there are no others.</summary>
    public Batch? Batch { get; init; }

    /// <summary>The outputs of a network for the inputs, as they are now.</summary>
    /// <param name="module">The network.</param>
    public readonly Tensor Forward(Layers.Module module)
    {
        if (Batch is null || Form is null)
            return module.Forward(Features);

        if (!ReferenceEquals(Batch.Inputs[0], Features))
            Batch.Inputs.Set(0, Features);

        return NetworkOutputs.Of(module, Batch, Form);
    }

    /// <summary>Number of samples.</summary>
    public readonly int Count => Features.Shape[0];

    /// <summary>Classes of the task, or 1 for a number to learn.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Whether the targets are classes.</summary>
    public readonly bool HasClasses => Labels.DType == DType.Int32;

    /// <summary>The mean loss of the samples: the sum of their losses, each by its weight, divided by <see cref="TotalWeight"/>.</summary>
    /// <param name="outputs">Outputs of the network.</param>
    internal readonly Tensor MeanLoss(Tensor outputs)
    {
        Tensor read = Form?.Adapt(outputs) ?? outputs;
        Tensor mean = Weights is null ? Loss.Compute(read, Targets) : Loss.Compute(read, Targets, Weights);
        if (ReferenceEquals(Targets, Labels))
            return mean;

        // Mixed targets are probabilities, whose mean leaves weights of classes aside in what it divides by.
        double ratio = TotalWeight > 0 ? Loss.TotalWeight(Targets, Weights) / TotalWeight : 0;
        return ratio == 1 ? mean : mean.Multiply(ratio);
    }

    /// <summary>Makes the inputs a leaf whose derivative is wanted, with room for it that the step's memory takes back.</summary>
    internal void RecordFeatures()
    {
        Features = Features.Detach();
        Features.RequiresGrad = true;
        Features.Gradient = Tensor.Zeros(Features.Shape, Features.DType);
    }
}
