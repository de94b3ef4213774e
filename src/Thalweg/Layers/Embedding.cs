using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>A learned vector for each symbol. Source: Bengio and others, "A neural probabilistic language model", JMLR 3,
/// 2003, section 2.</summary>
/// <remarks>
/// Input: symbol numbers of any shape <c>[...]</c>, Int32 or whole floating-point numbers; output <c>[..., width]</c>;
/// parameter <c>weight [symbols, width]</c>.
/// </remarks>
public sealed class Embedding : Module
{
    private readonly Parameter _weight;

    /// <summary>Makes the layer.</summary>
    /// <param name="symbols">Number of symbols, 1 or more.</param>
    /// <param name="width">Length of each vector, 1 or more.</param>
    /// <param name="padding">Symbol whose vector is always 0 and does not learn, or null (default) for none.</param>
    /// <param name="initializer">How the vectors start; default N(0, 1).</param>
    /// <exception cref="ThalwegException">A size below 1, or a padding that is no symbol.</exception>
    public Embedding(int symbols, int width, int? padding = null, Initializer? initializer = null)
    {
        if (symbols < 1 || width < 1 || padding < 0 || padding >= symbols)
        {
            throw new ThalwegException(
                "[embedding] expected 1 or more symbols, a width of 1 or more and a padding among the symbols, "
                + $"got {symbols}, {width} and {padding?.ToString() ?? "none"}");
        }

        (Symbols, Width, Padding) = (symbols, width, padding);
        _weight = AddParameter("weight", [symbols, width], ParameterRole.Weight, initializer ?? Initializer.Normal(1));
        _weight.IsTable = true;
    }

    /// <summary>Number of symbols.</summary>
    public int Symbols { get; }

    /// <summary>Length of each vector.</summary>
    public int Width { get; }

    /// <summary>Symbol whose vector is always 0, or null.</summary>
    public int? Padding { get; }

    /// <summary>The vectors <c>[symbols, width]</c>.</summary>
    public Parameter Weight => _weight;

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">An input is not a symbol number.</exception>
    protected override Tensor ForwardCore(Tensor x)
    {
        Tensor symbols = x.To(DType.Int32);
        if (x.DType.IsFloat())
            CheckWhole(x.AsContiguous(), symbols);

        Tensor vectors = _weight.Value.GatherRows(symbols);
        return Padding is { } padding ? vectors.Multiply(Kept(symbols.AsContiguous(), padding)) : vectors;
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "embedding",
        ["symbols"] = Symbols,
        ["width"] = Width,
        ["padding"] = Padding ?? -1,
        ["initializer"] = _weight.Initializer.Written(),
    };

    /// <summary>The layer of a description.</summary>
    internal static Embedding Build(JsonObject description)
    {
        int padding = LayerRegistry.Read<int>(description, "padding");
        return new(
            LayerRegistry.Read<int>(description, "symbols"),
            LayerRegistry.Read<int>(description, "width"),
            padding < 0 ? null : padding,
            Settings.Parse<Initializer>(LayerRegistry.Read<string>(description, "initializer")));
    }

    private static void CheckWhole(Tensor x, Tensor symbols)
    {
        for (long i = 0; i < x.Length; i++)
        {
            if (x.Read(i) != symbols.Read(i))
            {
                throw new ThalwegException(
                    $"[embedding] expected whole symbol numbers, got {x.Read(i)} at place {i}; encode symbols as 0, 1, 2, ...");
            }
        }
    }

    /// <summary>1 for each symbol, 0 for the padding, <c>[..., 1]</c>.</summary>
    private Tensor Kept(Tensor symbols, int padding)
    {
        Tensor kept = Tensor.Ones(symbols.Unsqueeze(-1).Shape, _weight.Value.DType);
        for (long i = 0; i < symbols.Length; i++)
            kept.Write(i, symbols.Read(i) == padding ? 0 : 1);

        return kept;
    }
}
