using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Convolution of signals: activation(x * weight + bias); see <see cref="Tensor.Conv1d"/>.</summary>
/// <remarks>Input <c>[batch, in, length]</c>, output <c>[batch, out, length']</c>; parameters <c>weight [out, in / groups, kernel]</c> and
/// <c>bias [out]</c>. The weight starts by activation, see <c>Initializer.ForActivation</c>. Source: Dumoulin, Visin, "A guide to
/// convolution arithmetic for deep learning", arXiv:1603.07285, 2016, relationships 6 and 15.</remarks>
public sealed class Conv1d : ConvolutionLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Number of input channels, 1 or more.</param>
    /// <param name="outputs">Number of output channels, 1 or more.</param>
    /// <param name="kernelSize">Size of the window; each 1 or more.</param>
    /// <param name="options">Stride, padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <param name="bias">Whether there is a bias, which starts at 0; leave it out before batch normalization.</param>
    /// <exception cref="ThalwegException">A size below 1, groups that do not divide the channels, or an option that does
    /// not belong here.</exception>
    public Conv1d(int inputs, int outputs, int kernelSize, ConvolutionOptions? options = null, bool bias = true)
        : this(new ConvolutionSetting(inputs, outputs, (1, kernelSize), options ?? ConvolutionOptions.Default, null, bias))
    {
    }

    private Conv1d(ConvolutionSetting setting)
        : base(Type, setting.Checked(Type), WeightShape(setting))
    {
    }

    /// <summary>Type in descriptions.</summary>
    internal static string Type => "conv1d";

    /// <inheritdoc/>
    private protected override Tensor Convolve(Tensor x, Tensor weight, ConvolutionOptions options) =>
        x.Conv1d(weight, Bias?.Value, options);

    /// <summary>The layer of a description.</summary>
    internal static Conv1d Build(JsonObject description) => new(ConvolutionSetting.Read(description));

    private static Shape WeightShape(in ConvolutionSetting s) => [s.Outputs, s.Inputs / s.Options.Groups, s.KernelSize.Width];
}
