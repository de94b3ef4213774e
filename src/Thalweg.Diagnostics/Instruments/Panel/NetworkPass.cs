using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>The forward and backward pass of a step, by layers, as instruments look at it; good until the instrument returns.</summary>
public sealed class NetworkPass
{
    private readonly Trainer _trainer;

    internal NetworkPass(Recording recording, MicroBatchObjective pass, Trainer trainer) =>
        (Recording, Objective, _trainer) = (recording, pass, trainer);

    /// <summary>All operations, with outputs and gradients.</summary>
    public Recording Recording { get; }

    /// <summary>The samples, the outputs of the network and the objective.</summary>
    public MicroBatchObjective Objective { get; }

    /// <summary>Number of samples.</summary>
    public int Samples => Objective.Outputs.Shape[0];

    /// <summary>Bytes of one element of the outputs.</summary>
    public int ElementBytes => Objective.Outputs.DType == DType.Float64 ? 8 : 4;

    /// <summary>The layers on the way to the outputs, each with what left it last, in the order of computation.</summary>
    public IReadOnlyList<LayerOutput> Layers => field ??= LayerOutput.Find(Recording, Objective.Outputs);

    /// <summary>The gradients of the single samples.</summary>
    public SingleGradients Singles => field ??= new SingleGradients(this, _trainer);

    /// <summary>The loss of each sample, <c>[samples]</c>, without regularizers.</summary>
    public Tensor SampleLosses => field ??= _trainer.Objective.SampleLosses(Objective);

    /// <summary>Gradients of the pass by parameter, where they are not those of the parameters themselves.</summary>
    internal Tensor[]? ParameterGradients { get; init; }

    /// <summary>Gradient of the objective of the pass by a parameter.</summary>
    /// <param name="parameter">Place of the parameter in <see cref="ParameterVector.Named"/>.</param>
    public Tensor GradientOf(int parameter) => ParameterGradients?[parameter] ?? _trainer.Parameters.Named[parameter].Gradient;

    /// <summary>Times of the step; null where it was computed for instruments alone.</summary>
    internal PanelClock? Clock { get; init; }
}
