using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Rectifier with learned slopes: x above 0, slope times x below.</summary>
/// <remarks>
/// Input and output <c>[batch, channels, ...]</c>, or any shape for one slope; parameter <c>slope [channels]</c>, which starts at 0.25 and
/// does not decay.
/// Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, section 2.1.
/// </remarks>
public sealed class PRelu : Module
{
    private readonly Parameter _slope;

    /// <summary>Makes a rectifier with learned slopes.</summary>
    /// <param name="channels">Number of slopes: that of the channels, or 1 (default) for one slope everywhere.</param>
    /// <param name="slope">Where the slopes start, dimensionless; default 0.25.</param>
    /// <exception cref="ThalwegException">Fewer than one channel.</exception>
    public PRelu(int channels = 1, double slope = 0.25)
    {
        if (channels < 1)
            throw new ThalwegException($"[prelu] expected 1 or more channels, got {channels}");

        (Channels, Start) = (channels, slope);
        // Decay would draw the slope to 0, which is the plain rectifier; a bias does not decay.
        _slope = AddParameter("slope", [channels], ParameterRole.Bias, Initializer.Constant(slope));
    }

    /// <summary>Number of slopes.</summary>
    public int Channels { get; }

    /// <summary>Where the slopes start.</summary>
    public double Start { get; }

    /// <summary>The slopes <c>[channels]</c>.</summary>
    public Parameter Slope => _slope;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Prelu(_slope.Value);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "prelu", ["channels"] = Channels, ["slope"] = Start };
}
