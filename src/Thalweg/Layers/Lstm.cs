using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Long short-term memory with forget gates, without peepholes. Source: Hochreiter, Schmidhuber, Neural Computation 9(8), 1997;
/// forget gates: Gers, Schmidhuber, Cummins, Neural Computation 12, 2000.</summary>
/// <remarks>Gates i, f, g, o of x W + b + h U + d, in this order: c' = f c + i g, h' = o tanh c'; g by tanh, the others by the logistic
/// function. Input <c>[batch, time, in]</c>, output <c>[batch, time, directions * units]</c>; parameters as <see cref="RecurrentLayer"/>
/// names them, four gates.</remarks>
public sealed class Lstm : RecurrentLayer
{
    /// <summary>Name of the type in descriptions.</summary>
    internal const string Type = "lstm";

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Number of inputs, 1 or more.</param>
    /// <param name="units">Number of units, 1 or more.</param>
    /// <param name="options">Settings; default one layer, forward in time.</param>
    /// <param name="forgetBias">Start of the forget gates' bias; default 1, so that memories last at first. Source: Jozefowicz and others,
    /// ICML 2015, section 5.</param>
    /// <exception cref="ThalwegException">A size below 1, or a bias that is not finite.</exception>
    public Lstm(int inputs, int units, RecurrentOptions? options = null, double forgetBias = 1)
        : base(RecurrentCell.Lstm, inputs, units, options, Finite(forgetBias)) => ForgetBias = forgetBias;

    /// <summary>Start of the forget gates' bias.</summary>
    public double ForgetBias { get; }

    private protected override string TypeName => Type;

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = base.Describe();
        description["forget_bias"] = ForgetBias;
        return description;
    }

    /// <summary>The layer of a description.</summary>
    internal static Lstm Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "inputs"),
        LayerRegistry.Read<int>(description, "units"),
        RecurrentOptions.Read(description),
        LayerRegistry.Read<double>(description, "forget_bias"));

    private static double Finite(double bias) => double.IsFinite(bias)
        ? bias
        : throw new ThalwegException($"[{Type}] expected a finite bias of the forget gates, got {bias}");
}
