using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What the normalizations within a sample share: scale <c>gamma</c>, shift <c>beta</c>, epsilon.</summary>
public abstract class SampleNorm : Module
{
    private protected SampleNorm(string name, Shape shape, double epsilon, bool affine, bool shift = true)
    {
        if (!(epsilon > 0) || shape.Length < 1)
        {
            throw new ThalwegException($"[{name}] expected sizes of 1 or more and epsilon > 0, got {shape} and {epsilon}");
        }

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
    public override Tensor Forward(Tensor x) => x.LayerNorm(_shape.Rank, Gamma?.Value, Beta?.Value, Epsilon);

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
    public override Tensor Forward(Tensor x) => x.RmsNorm(_shape.Rank, Gamma?.Value, Epsilon);

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
    public override Tensor Forward(Tensor x) => x.GroupNorm(Groups, Gamma?.Value, Beta?.Value, Epsilon);

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
    public override Tensor Forward(Tensor x) => x.InstanceNorm(Gamma?.Value, Beta?.Value, Epsilon);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "instance_norm",
        ["channels"] = Channels,
        ["epsilon"] = Epsilon,
        ["affine"] = Gamma is not null,
    };
}
