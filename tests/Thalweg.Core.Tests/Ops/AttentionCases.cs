namespace Thalweg.Core.Tests.Ops;

/// <summary>Contract rows of attention.</summary>
internal static class AttentionCases
{
    private const int Batch = 2, Heads = 2, Queries = 3, Keys = 5, Width = 4;

    public static IEnumerable<OpCase> All()
    {
        Tensor[] apart =
        [
            OpCases.Values([Batch, Heads, Queries, Width], 700), OpCases.Values(
                [Batch, Heads, Keys, Width], 701), OpCases.Values([Batch, Heads, Keys, 3], 702),
        ];
        Tensor[] merged =
            [OpCases.Values([Batch, Queries, 8], 703), OpCases.Values([Batch, Keys, 8], 704), OpCases.Values([Batch, Keys, 6], 705)];
        Tensor packed = OpCases.Values([Batch, Keys, 3 * Heads * 2], 706);
        foreach ((string name, AttentionOptions options) in Options())
        {
            yield return new($"attention {name}", a => a[0].Attention(a[1], a[2], options), apart);
            yield return new($"multi-head attention {name}", a => a[0].MultiHeadAttention(a[1], a[2], Heads, options), merged);
        }

        yield return new("self-attention", a => a[0].SelfAttention(Heads), packed);
        yield return new("self-attention causal with dropout", a => a[0].SelfAttention(Heads, Dropping() with { Causal = true }), packed);
        yield return new(
            "self-attention with a mask for each sample",
            a => a[0].SelfAttention(Heads, new() { Mask = OpCases.Values([Batch, 1, 1, Keys], 707).To(a[0].DType) }), packed);
        yield return new("attention of a tensor to itself", a => a[0].Attention(a[0], a[0], new() { Causal = true }), apart[1]);
        yield return new("attention of a tensor to what comes of it", a => a[0].Attention(a[0].Tanh(), a[0].Sigmoid()), apart[1]);
        yield return new(
            "attention with a learned mask", a => a[0].Attention(a[1], a[2], new() { Mask = a[3] }),
            [.. apart, OpCases.Values([Heads, Queries, Keys], 708)]);
        yield return new(
            "attention of transposed views", a => a[0].Transpose(1, 2).Attention(a[1].Transpose(1, 2), a[2].Transpose()),
            OpCases.Values([Batch, Queries, Heads, Width], 709), OpCases.Values([Batch, Keys, Heads, Width], 710),
            OpCases.Values([Batch, Heads, 3, Keys], 711));
    }

    private static IEnumerable<(string Name, AttentionOptions Options)> Options()
    {
        yield return ("plain", default);
        yield return ("causal", new() { Causal = true });
        yield return ("scaled", new() { Scale = 0.3 });
        yield return ("with lengths", new() { KeyLengths = [3, 0] });
        yield return ("with dropout", Dropping());
        yield return ("with who sees whom", new() { Mask = Tensor.From([1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0], [Queries, Keys]) });
        yield return ("with all", Dropping() with { KeyLengths = [5, 2], Causal = true, Mask = Tensor.From([1, 0, 1, 1, 1], [Keys]) });
    }

    private static AttentionOptions Dropping() => new() { Dropout = 0.4, Stream = new RandomStream(4, RandomPurpose.Dropout, 9) };
}
