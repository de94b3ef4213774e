using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Transposed convolution of images: activation(x * weight + bias); see <see cref="Tensor.ConvTranspose2d"/>.</summary>
/// <remarks>Input <c>[batch, in, height, width]</c>, output <c>[batch, out, height', width']</c>; parameters
/// <c>weight [in, out / groups, kernel height, kernel width]</c> and <c>bias [out]</c>. The weight starts by activation, see
/// <c>Initializer.ForActivation</c>. Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285,
/// 2016, relationships 8 to 14.</remarks>
public sealed class ConvTranspose2d : ConvolutionLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Number of input channels, 1 or more.</param>
    /// <param name="outputs">Number of output channels, 1 or more.</param>
    /// <param name="kernelSize">Size of the window; one number stands for a square; each 1 or more.</param>
    /// <param name="options">Stride, padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <param name="bias">Whether there is a bias, which starts at 0; leave it out before batch normalization.</param>
    /// <exception cref="ThalwegException">A size below 1, or groups that do not divide the channels.</exception>
    public ConvTranspose2d(int inputs, int outputs, Size2d kernelSize, ConvolutionOptions? options = null, bool bias = true)
        : this(new ConvolutionSetting(inputs, outputs, kernelSize, options ?? ConvolutionOptions.Default, null, bias))
    {
    }

    private ConvTranspose2d(ConvolutionSetting setting)
        : base(Type, setting.Checked(Type), WeightShape(setting))
    {
    }

    /// <summary>Type in descriptions.</summary>
    internal static string Type => "conv_transpose2d";

    /// <inheritdoc/>
    private protected override Tensor Convolve(Tensor x, Tensor weight, ConvolutionOptions options) =>
        x.ConvTranspose2d(weight, Bias?.Value, options);

    /// <summary>The layer of a description.</summary>
    internal static ConvTranspose2d Build(JsonObject description) => new(ConvolutionSetting.Read(description));

    private static Shape WeightShape(in ConvolutionSetting s) =>
        [s.Inputs, s.Outputs / s.Options.Groups, s.KernelSize.Height, s.KernelSize.Width];
}
