using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Weight normalization of a dense or convolution layer: w = g v / ||v|| for each output, with v the layer's own weight.</summary>
/// <remarks>Input and output as the layer has them; parameter <c>gain [outputs]</c> besides those of the layer (<c>module.weight</c> is
/// v). At first g = ||v||, so
/// that the layer starts as it would without. Source: Salimans, Kingma, NeurIPS 2016, equation 2.</remarks>
public sealed class WeightNorm : Module
{
    private readonly Module _module;
    private readonly IWeighted _layer;
    private readonly Parameter _gain;

    /// <summary>Wraps a layer.</summary>
    /// <param name="module">A <see cref="Dense"/> or <see cref="ConvolutionLayer"/>.</param>
    /// <exception cref="ThalwegException">Another layer, or a transposed convolution in groups.</exception>
    public WeightNorm(Module module)
    {
        _layer = IWeighted.Of(module, "weight norm");
        _module = AddModule("module", module);
        _gain = AddParameter("gain", [_layer.Weight.Shape[_layer.OutputAxis]], ParameterRole.Normalization, Initializer.Ones);
    }

    /// <summary>g <c>[outputs]</c>.</summary>
    public Parameter Gain => _gain;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x)
    {
        Tensor v = _layer.Weight.Value;
        Tensor norms = Norms(v), one = Tensor.Scalar(1, v.DType);
        // Weights of 0 have no direction and stay 0.
        norms = Tensor.Where(norms.Detach(), norms, one);
        Tensor weight = v.Multiply(Spread(_gain.Value.Divide(norms)));
        try
        {
            using ModuleScope scope = ModuleScope.Enter(_module);
            return _layer.Forward(x, weight);
        }
        catch (ThalwegException error)
        {
            throw InPart("module", _module, error);
        }
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "weight_norm", ["module"] = _module.Describe() };

    /// <inheritdoc/>
    private protected override void OnInitialized() => _gain.Value.Assign(Norms(_layer.Weight.Value.Detach()));

    /// <summary>||v|| of each output.</summary>
    private Tensor Norms(Tensor v)
    {
        (int first, int second) = (v.Shape[0], v.Shape[1]);
        return v.Reshape([first, second, (int)(v.Length / ((long)first * second))]).Norm(2, 1 - _layer.OutputAxis, 2);
    }

    /// <summary>One number per output, of a shape that broadcasts to the weight.</summary>
    private Tensor Spread(Tensor numbers)
    {
        Span<int> sizes = stackalloc int[_layer.Weight.Shape.Rank];
        sizes.Fill(1);
        sizes[_layer.OutputAxis] = numbers.Shape[0];
        return numbers.Reshape(new Shape(sizes));
    }
}
