using System.Numerics;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Data;

/// <summary>Outputs <c>[batch, outputs]</c> that mean what the table of <see cref="LossMeaning"/> says.</summary>
internal abstract class LossOutputForm : OutputForm
{
    private readonly bool _hasRawVariances;

    /// <param name="meaning">What the loss takes outputs and targets for.</param>
    /// <param name="width">Numbers of a prediction.</param>
    /// <param name="outputs">Outputs of the network for each sample.</param>
    /// <param name="module">The network.</param>
    protected LossOutputForm(LossMeaning meaning, int width, int outputs, Module module)
        : base(width)
    {
        (Meaning, Outputs) = (meaning, outputs);
        _hasRawVariances = meaning.OutputsPerTarget == 2 && FinalActivation.Of(module) == FinalActivation.None;
    }

    /// <summary>Outputs of the network for each sample.</summary>
    internal sealed override int Outputs { get; }

    protected LossMeaning Meaning { get; }

    /// <summary>Values that are compared with targets, the variances left aside.</summary>
    protected int Values => Outputs / Meaning.OutputsPerTarget;

    /// <summary>The outputs as the loss takes them: variances of a network that ends in a linear layer are softplus of its outputs, since
    /// they must be above 0; all else stays.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, outputs]</c>.</param>
    public sealed override Tensor Adapt(Tensor outputs) => _hasRawVariances
        ? Tensor.Concatenate(-1, outputs.Slice(-1, 0, Values), outputs.Slice(-1, Values, Values).Softplus())
        : outputs;

    /// <inheritdoc/>
    internal sealed override double Start(double mean, string activation)
    {
        double output = StartOf(mean);
        return activation switch
        {
            FinalActivation.None or "log_softmax" => output,
            "sigmoid" => Math.Log(output / (1 - output)),
            "softmax" => Math.Log(output),
            _ => double.NaN,
        };
    }

    /// <summary>The best output without inputs, before the final activation is undone.</summary>
    protected abstract double StartOf(double mean);

    /// <summary>What an output says of its class: a probability, or a number that stands for one.</summary>
    protected double Share(double output) => Meaning.Link switch
    {
        OutputLink.Logistic => 1 / (1 + Math.Exp(-output)),
        OutputLink.Exponential => Math.Exp(output),
        OutputLink.Distance => Math.Clamp(1 - (output / Meaning.Margin), 0, 1),
        _ => output,
    };

    /// <summary>The target of a class that a sample does not have, and of one that it has.</summary>
    protected (T Off, T On) Codes<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Meaning.Targets switch
        {
            ClassTargets.Signs => (-T.One, T.One),
            ClassTargets.LogIndicators => (T.NegativeInfinity, T.Zero),
            _ => (T.Zero, T.One),
        };

    /// <summary>The error for outputs of another number.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="target">What is to be learned, such as "3 classes".</param>
    /// <param name="fitting">Numbers of outputs that fit.</param>
    /// <param name="outputs">Shape of the outputs.</param>
    /// <param name="other">Another way out, or nothing.</param>
    protected static ThalwegException Unfit(Loss loss, string target, int[] fitting, Shape outputs, string other = "") => new(
        $"[train] expected a network with {string.Join(" or ", fitting)} output{(fitting is [1] ? "" : "s")} for {target} and the " +
        $"loss {loss.Name}, got outputs of shape {outputs}; change the last layer{other}");
}
