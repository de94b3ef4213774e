namespace Thalweg;

/// <summary>Settings of <see cref="Tensor.Attention"/> and its kin; the default attends to everything.</summary>
public readonly record struct AttentionOptions
{
    /// <summary>Whether query i sees keys 0 to i alone, as in a model of what comes next; default no.</summary>
    public bool Causal { get; init; }

    /// <summary>Number of keys of each sample, from the first on, that take part; the rest is padding. From 0 to the number of keys;
    /// null (default): all.</summary>
    public int[]? KeyLengths { get; init; }

    /// <summary>Who sees whom, of a shape that broadcasts to <c>[batch, heads, queries, keys]</c>; null (default): everybody.</summary>
    /// <remarks>Int32: 1 takes part, 0 does not. Floating point: added to the scores, -∞ for pairs that do not take part;
    /// may be learned.</remarks>
    public Tensor? Mask { get; init; }

    /// <summary>Probability with which a weight is dropped, in [0, 1); default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Names the random mask of the dropout; not advanced.</summary>
    public RandomStream Stream { get; init; }

    /// <summary>Factor of the scores; null (default): 1 / sqrt(width of a key).</summary>
    public double? Scale { get; init; }
}
