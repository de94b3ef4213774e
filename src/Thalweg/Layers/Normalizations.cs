using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What the normalizations within a sample share: scale <c>gamma</c>, shift <c>beta</c>, epsilon.</summary>
public abstract class SampleNorm : Module
{
    private protected SampleNorm(string name, Shape shape, double epsilon, bool affine, bool shift = true)
    {
        if (!(epsilon > 0) || shape.Length < 1)
            throw new ThalwegException($"[{name}] expected sizes of 1 or more and epsilon > 0, got {shape} and {epsilon}");

        Epsilon = epsilon;
        Gamma = affine ? AddParameter("gamma", shape, ParameterRole.Normalization, Initializer.Constant(1)) : null;
        Beta = affine && shift ? AddParameter("beta", shape, ParameterRole.Normalization, Initializer.Zeros) : null;
    }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>Scale, or null.</summary>
    public Parameter? Gamma { get; }

    /// <summary>Shift, or null.</summary>
    public Parameter? Beta { get; }

    /// <summary>The sizes of a description.</summary>
    internal static int[] ReadSizes(JsonObject description)
    {
        string text = LayerRegistry.Read<string>(description, "shape");
        int[] sizes = [.. text.Split('x').Select(part => int.TryParse(part, out int size) ? size : 0)];
        return sizes.All(size => size >= 1) && sizes.Length <= Shape.MaxRank
            ? sizes
            : throw new ThalwegException(
                $"[architecture] expected 'shape' as sizes such as 3x4, got '{text}'; the model file is damaged or newer");
    }
}

/// <summary>Layer normalization over the last axes of each sample; see <see cref="Tensor.LayerNorm"/>.</summary>
/// <remarks>Input and output <c>[..., shape]</c>, such as <c>[batch, length, width]</c> for shape <c>[width]</c>; parameters <c>gamma</c>
/// (starts at 1) and <c>beta</c> (0), both of that shape. Source: Ba, Kiros, Hinton, "Layer normalization", arXiv:1607.06450, 2016,
/// equations 3 and 4.</remarks>
public sealed class LayerNorm : SampleNorm
{
    private readonly Shape _shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="shape">Sizes of the axes that are normalized together, the last ones of the input.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <param name="affine">Whether there are a scale and a shift to learn; default yes.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public LayerNorm(Shape shape, double epsilon = 1e-5, bool affine = true)
        : base("layer norm", shape, epsilon, affine) => _shape = shape;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.LayerNorm(_shape.Rank, Gamma?.Value, Beta?.Value, Epsilon);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "layer_norm",
        ["shape"] = string.Join('x', _shape),
        ["epsilon"] = Epsilon,
        ["affine"] = Gamma is not null,
    };
}

/// <summary>Root-mean-square normalization over the last axes of each sample; see <see cref="Tensor.RmsNorm"/>.</summary>
/// <remarks>Input and output <c>[..., shape]</c>, such as <c>[batch, length, width]</c> for shape <c>[width]</c>; parameter <c>gamma</c> of
/// that shape, which starts at 1. Source: Zhang, Sennrich, "Root mean square layer normalization", NeurIPS 2019, equation 4.</remarks>
public sealed class RmsNorm : SampleNorm
{
    private readonly Shape _shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="shape">Sizes of the axes that are normalized together, the last ones of the input.</param>
    /// <param name="epsilon">Added to the mean square, above 0; default 1e-6.</param>
    /// <param name="affine">Whether there is a scale to learn; default yes.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public RmsNorm(Shape shape, double epsilon = 1e-6, bool affine = true)
        : base("rms norm", shape, epsilon, affine, shift: false) => _shape = shape;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.RmsNorm(_shape.Rank, Gamma?.Value, Epsilon);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "rms_norm",
        ["shape"] = string.Join('x', _shape),
        ["epsilon"] = Epsilon,
        ["affine"] = Gamma is not null,
    };
}

/// <summary>Group normalization; see <see cref="Tensor.GroupNorm"/>.</summary>
/// <remarks>Input and output <c>[batch, channels, ...]</c>; parameters <c>gamma [channels]</c> (starts at 1) and <c>beta [channels]</c>
/// (0). Source: Wu, He, "Group normalization", ECCV 2018, equations 1, 2, 6 and 7.</remarks>
public sealed class GroupNorm : SampleNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="groups">Number of groups; divides the channels.</param>
    /// <param name="channels">Number of channels, 1 or more.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <param name="affine">Whether there are a scale and a shift to learn; default yes.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true)
        : base("group norm", [channels], epsilon, affine)
    {
        if (groups < 1 || channels % groups != 0)
        {
            throw new ThalwegException(
                $"[group norm] expected groups that divide the channels, got {groups} groups of {channels} channels");
        }

        (Groups, Channels) = (groups, channels);
    }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>Number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.GroupNorm(Groups, Gamma?.Value, Beta?.Value, Epsilon);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "group_norm",
        ["groups"] = Groups,
        ["channels"] = Channels,
        ["epsilon"] = Epsilon,
        ["affine"] = Gamma is not null,
    };
}

/// <summary>Instance normalization; see <see cref="Tensor.InstanceNorm"/>.</summary>
/// <remarks>Input and output <c>[batch, channels, ...]</c>; parameters, where asked for, <c>gamma [channels]</c> (starts at 1) and
/// <c>beta [channels]</c> (0). Source: Ulyanov, Vedaldi, Lempitsky, "Instance normalization", arXiv:1607.08022, 2016.</remarks>
public sealed class InstanceNorm : SampleNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">Number of channels, 1 or more.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <param name="affine">Whether there are a scale and a shift to learn; default no.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false)
        : base("instance norm", [channels], epsilon, affine) => Channels = channels;

    /// <summary>Number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.InstanceNorm(Gamma?.Value, Beta?.Value, Epsilon);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "instance_norm",
        ["channels"] = Channels,
        ["epsilon"] = Epsilon,
        ["affine"] = Gamma is not null,
    };
}
