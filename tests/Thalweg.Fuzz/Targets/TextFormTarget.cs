using System.Text;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>A text that is parsed from memory.</summary>
internal abstract class TextFormTarget(string name) : FuzzTarget(name)
{
    private static readonly byte[][] s_words = Words(
        "(", ")", "[", "]", ",", "=", "((((", "[[[[", "'", "''", "none", "relu", "he_normal", "1e-3", "-1", "2147483648", "cosine(", "sequential([", "dense(", "output",
        "steps=", "mlp:", "cnn:", "resnet:", "lstm:", "x", "+", ":");

    private byte[][] _texts = [];

    /// <inheritdoc/>
    public override void Prepare(string folder) => _texts = Words([.. Texts()]);

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        byte[] text = ByteMutator.Mutate(draws, draws.Of(_texts), draws.Of(_texts), s_words);
        return new([("text", draws.OneIn(32) ? Nest(draws, text) : text)], draws.Bits());
    }

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input) => Parse(Encoding.UTF8.GetString(input.Bytes), input);

    /// <summary>Texts that parse.</summary>
    protected abstract IEnumerable<string> Texts();

    /// <summary>Parses a text.</summary>
    protected abstract void Parse(string text, FuzzInput input);

    private static byte[] Nest(Draws draws, byte[] text)
    {
        int depth = 1 << draws.Below(15);
        string open = draws.Of(new[] { "(", "[", "sequential([", "residual(", "sequence(", "a(" });
        byte[] before = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth)));
        return draws.OneIn(2) ? [.. before, .. text] : [.. text, .. before];
    }
}
