using Thalweg.Layers;

namespace Thalweg.Diagnostics;

/// <summary>What an audit says of starting weights.</summary>
public enum AuditVerdict
{
    /// <summary>Signals and gradients keep their size, and units can learn.</summary>
    Healthy,

    /// <summary>Units of a layer compute the same and get the same gradient for ever.</summary>
    Symmetric,

    /// <summary>Signals or gradients shrink from layer to layer.</summary>
    Vanishing,

    /// <summary>Signals or gradients grow from layer to layer.</summary>
    Exploding,

    /// <summary>Bounded activations stand where they are flat, or rectified units are 0 for all samples.</summary>
    Saturated,
}

/// <summary>One layer in an audit; a mean square is over batch and units.</summary>
public sealed record AuditLayer
{
    /// <summary>Full name of the weight.</summary>
    public required string Name { get; init; }

    /// <summary>Its shape.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Name of the activation that follows, or <c>none</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>Terms n that a unit sums: its fan-in, less the zeros of padding.</summary>
    public required double Terms { get; init; }

    /// <summary>sqrt(n E w^2): the gain that the weights have.</summary>
    public required double Gain { get; init; }

    /// <summary>The gain that keeps signals and gradients in size, see <see cref="InitializationAudit.GainFor"/>.</summary>
    public required double ProposedGain { get; init; }

    /// <summary>Mean square of x W + b by theory.</summary>
    public required double PredictedForward { get; init; }

    /// <summary>Mean square of x W + b on the batch.</summary>
    public required double MeasuredForward { get; init; }

    /// <summary>Mean square of the derivative of the loss by x W + b, by theory.</summary>
    public required double PredictedBackward { get; init; }

    /// <summary>The same on the batch.</summary>
    public required double MeasuredBackward { get; init; }

    /// <summary>Values of x W + b for each sample: units, times positions of a convolution.</summary>
    public required long Values { get; init; }

    /// <summary>Square of the norm of a sample's gradient by x W + b, as a mean over the batch times its size: what the layers
    /// before it share.</summary>
    /// <remarks>Positions and pooling spread a gradient over more values without weakening it, and so does a wider layer, so that layers
    /// are compared by this.</remarks>
    public double GradientSquare => MeasuredBackward * Values;

    /// <summary>Share of the values where a bounded activation has less than a twentieth of its steepest slope; of any other activation the
    /// share of units that are flat for every sample of the batch. From 0 to 1.</summary>
    public required double Flat { get; init; }

    /// <summary>Whether the activation is bounded on both sides.</summary>
    public required bool IsBounded { get; init; }
}

/// <summary>The result of an <see cref="InitializationAudit"/>.</summary>
/// <param name="Verdict">The gravest finding.</param>
/// <param name="Findings">One sentence each: what is wrong, the figure, what to do; empty where all is well.</param>
/// <param name="Layers">One entry per layer, from the input to the output.</param>
/// <param name="InputSquare">Mean square of the inputs; 1 where they are standardized.</param>
/// <param name="Loss">Loss of the batch before training.</param>
public sealed record AuditReport(
    AuditVerdict Verdict, IReadOnlyList<string> Findings, IReadOnlyList<AuditLayer> Layers, double InputSquare, double Loss)
{
    /// <summary>Growth of the mean square of signals from one layer to the next, as a geometric mean; 1 is ideal.</summary>
    public double ForwardFactor => Factor(layer => layer.MeasuredForward);

    /// <summary>Growth of the squared norm of gradients from one layer to the one before it, as a geometric mean; 1 is ideal.</summary>
    public double BackwardFactor => 1 / Factor(layer => layer.GradientSquare);

    /// <summary>Scales every weight to its proposed gain; weights that are all 0 stay so.</summary>
    /// <param name="module">The network that was audited.</param>
    public void Rescale(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using NoGrad silence = NoGrad.Begin();
        foreach (AuditLayer layer in Layers.DistinctBy(layer => layer.Name).Where(layer => layer.Gain > 0))
        {
            Tensor weight = module.NamedParameters().First(p => p.Name == layer.Name).Parameter.Value;
            weight.Assign(weight.Multiply(layer.ProposedGain / layer.Gain));
        }
    }

    private double Factor(Func<AuditLayer, double> quantity) =>
        Layers.Count < 2 ? 1 : Math.Pow(quantity(Layers[^1]) / quantity(Layers[0]), 1.0 / (Layers.Count - 1));
}
