using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Fully connected layer: activation(x W + b).</summary>
/// <remarks>Input <c>[..., in]</c>, output <c>[..., out]</c>; parameters <c>weight [in, out]</c> and <c>bias [out]</c>. Source: Rumelhart,
/// Hinton, Williams, "Learning representations by back-propagating errors", Nature 323, 1986, equation 1; Goodfellow, Bengio, Courville,
/// "Deep learning", 2016, section 6.3.</remarks>
public sealed class Dense : Module, IFusesActivation, IWeighted
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    /// <summary>Makes a dense layer.</summary>
    /// <param name="inputs">Number of inputs, 1 or more.</param>
    /// <param name="outputs">Number of outputs (units), 1 or more.</param>
    /// <param name="activation">Applied to each output; default none.</param>
    /// <param name="initializer">How the weights start; default by activation, see <see cref="Initializer.ForActivation"/>.</param>
    /// <param name="bias">Whether there is a bias, which starts at 0; leave it out before batch normalization.</param>
    /// <exception cref="ThalwegException">A size below 1.</exception>
    public Dense(int inputs, int outputs, Activation activation = Activation.None, Initializer? initializer = null, bool bias = true)
    {
        if (inputs < 1 || outputs < 1)
            throw new ThalwegException($"[dense] expected 1 or more inputs and outputs, got {inputs} and {outputs}");

        (Inputs, Outputs, Activation) = (inputs, outputs, activation);
        _weight = AddParameter("weight", [inputs, outputs], ParameterRole.Weight, initializer ?? Initializer.ForActivation(activation));
        _bias = bias ? AddParameter("bias", [outputs], ParameterRole.Bias, Initializer.Zeros) : null;
    }

    /// <summary>Number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Applied to each output.</summary>
    public Activation Activation { get; }

    /// <summary>W <c>[in, out]</c>.</summary>
    public Parameter Weight => _weight;

    /// <summary>b <c>[out]</c>, or null.</summary>
    public Parameter? Bias => _bias;

    /// <inheritdoc/>
    int IWeighted.OutputAxis => 1;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Linear(_weight.Value, _bias?.Value, Activation);

    /// <inheritdoc/>
    Tensor IWeighted.Forward(Tensor x, Tensor weight) => x.Linear(weight, _bias?.Value, Activation);

    /// <inheritdoc/>
    bool IFusesActivation.Fuses(Activation activation) => activation == Activation.Relu && Activation == Activation.None;

    /// <inheritdoc/>
    Tensor IFusesActivation.Forward(Tensor x, Activation activation) => x.Linear(_weight.Value, _bias?.Value, activation);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "dense",
        ["inputs"] = Inputs,
        ["outputs"] = Outputs,
        ["activation"] = ActivationNames.NameOf(Activation),
        ["initializer"] = _weight.Initializer.Written(),
        ["bias"] = _bias is not null,
    };
}
