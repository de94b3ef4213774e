using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Adds to each vector of a sequence sines and cosines of its position: number 2 i is sin(p / 10000^(2 i / width)), number 2 i +
/// 1 the cosine.</summary>
/// <remarks>Input and output <c>[..., length, width]</c>. Source: Vaswani and others, NeurIPS 2017, section 3.5.</remarks>
public sealed class SinusoidalPositions : Module
{
    private readonly PositionTable _table;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Length of a vector, 1 or more.</param>
    /// <exception cref="ThalwegException">The width is below 1.</exception>
    public SinusoidalPositions(int width)
    {
        Width = width >= 1 ? width : throw new ThalwegException($"[sinusoidal positions] expected a width of 1 or more, got {width}");
        _table = new(width, (position, numbers) =>
        {
            for (int i = 0; i < width; i++)
            {
                double angle = position * Math.Pow(10_000, -(double)(i / 2 * 2) / width);
                numbers[i] = i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            }
        });
    }

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Add(_table.First(Positions.LengthOf(x, Width, "sinusoidal positions"), x.DType));

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "sinusoidal_positions", ["width"] = Width };
}

/// <summary>Adds to each vector of a sequence a learned vector of its position.</summary>
/// <remarks>Input and output <c>[..., length, width]</c>; parameter <c>weight [maximum length, width]</c>, which starts with deviation
/// 0.02.
/// Source: Gehring and others, ICML 2017, section 3.1; Devlin and others, NAACL 2019, section 3.</remarks>
public sealed class LearnedPositions : Module
{
    private readonly Parameter _weight;

    /// <summary>Makes the layer.</summary>
    /// <param name="maximumLength">Length of the longest sequence, 1 or more.</param>
    /// <param name="width">Length of a vector, 1 or more.</param>
    /// <exception cref="ThalwegException">A size below 1.</exception>
    public LearnedPositions(int maximumLength, int width)
    {
        if (maximumLength < 1 || width < 1)
            throw new ThalwegException($"[learned positions] expected a length and a width of 1 or more, got {maximumLength} and {width}");

        (MaximumLength, Width) = (maximumLength, width);
        _weight = AddParameter("weight", [maximumLength, width], ParameterRole.Weight, Initializer.Normal(0.02));
        _weight.IsTable = true;
    }

    /// <summary>Length of the longest sequence.</summary>
    public int MaximumLength { get; }

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">The sequence is too long or its vectors are of another length.</exception>
    protected override Tensor ForwardCore(Tensor x)
    {
        int length = Positions.LengthOf(x, Width, "learned positions");
        return length <= MaximumLength
            ? x.Add(_weight.Value.Slice(0, 0, length))
            : throw new ThalwegException(
                $"[learned positions] expected sequences of up to {MaximumLength}, got {length}; make the layer with a longer maximum");
    }

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["type"] = "learned_positions", ["maximum_length"] = MaximumLength, ["width"] = Width };
}

/// <summary>Turns each pair of numbers of each head by an angle that grows with the position, so that products of queries and keys depend
/// on distance alone.</summary>
/// <remarks>Input and output <c>[..., length, heads x head width]</c>; pair i of position p turns by p / base^(2 i / head width). Source:
/// Su and others, "RoFormer",
/// Neurocomputing 568, 2024, equation 34. <see cref="MultiHeadAttentionOptions.RotaryBase"/> applies it to queries and keys.</remarks>
public sealed class RotaryPositions : Module
{
    private readonly PositionTable _angles;

    /// <summary>Makes the layer.</summary>
    /// <param name="headWidth">Length of the vectors of a head; even.</param>
    /// <param name="rotaryBase">Base of the wavelengths, above 0; default 10,000.</param>
    /// <exception cref="ThalwegException">The width is odd or the base not above 0.</exception>
    public RotaryPositions(int headWidth, double rotaryBase = 10_000)
    {
        _angles = PositionTable.Rotary(headWidth, rotaryBase);
        (HeadWidth, RotaryBase) = (headWidth, rotaryBase);
    }

    /// <summary>Length of the vectors of a head.</summary>
    public int HeadWidth { get; }

    /// <summary>Base of the wavelengths.</summary>
    public double RotaryBase { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Rank >= 2 && x.Shape[-1] % HeadWidth == 0
        ? x.RotatePositions(_angles.First(x.Shape[-2], x.DType), x.Shape[-1])
        : throw new ThalwegException($"[rotary positions] expected inputs [..., length, heads x {HeadWidth}], got {x.Shape}");

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "rotary_positions", ["head_width"] = HeadWidth, ["base"] = RotaryBase };
}

/// <summary>What the position layers share.</summary>
internal static class Positions
{
    /// <summary>Length of the sequences of an input.</summary>
    /// <exception cref="ThalwegException">The input has other vectors.</exception>
    public static int LengthOf(Tensor x, int width, string name) => x.Rank >= 2 && x.Shape[-1] == width
        ? x.Shape[-2]
        : throw new ThalwegException($"[{name}] expected inputs [..., length, {width}], got {x.Shape}");
}
