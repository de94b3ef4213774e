namespace Thalweg.Rules;

/// <summary>Where a rule stands in a chain that is being made.</summary>
/// <param name="rules">The rules of the chain.</param>
/// <param name="position">Place of the rule, from 0.</param>
/// <param name="rate">Place of the first learning rate, or -1.</param>
internal readonly ref struct ChainPosition(ReadOnlySpan<Rule> rules, int position, int rate)
{
    /// <summary>The rule before, or null.</summary>
    public Rule? Before { get; } = position > 0 ? rules[position - 1] : null;

    /// <summary>The rule after, or null.</summary>
    public Rule? After { get; } = position + 1 < rules.Length ? rules[position + 1] : null;

    /// <summary>Whether there is a learning rate before the rule.</summary>
    public bool IsBehindRate => rate >= 0 && position > rate;

    /// <summary>Whether there is a learning rate after the rule.</summary>
    public bool IsBeforeRate => position < rate;
}
