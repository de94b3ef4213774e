using System.Collections;
using System.Runtime.CompilerServices;

namespace Thalweg.Rules;

/// <summary>Rules in a row, from the gradient to the update: an optimizer.</summary>
/// <remarks>
/// Written as a collection: <c>Chain chain = [new ClipByGlobalNorm(1), new ScaleByAdam(), new ScaleByLearningRate(1e-3)];</c>
/// It is immutable, equal to another chain with equal rules, and its text form reads back (<c>ChainText.Parse</c>). It holds
/// no state: <see cref="Optimizers.OptimizerRun"/> does.
/// </remarks>
[CollectionBuilder(typeof(Chain), nameof(Of))]
public sealed class Chain : IReadOnlyList<Rule>, IEquatable<Chain>
{
    private readonly Rule[] _rules;

    private Chain(ReadOnlySpan<Rule> rules) => _rules = rules.ToArray();

    /// <summary>Number of rules.</summary>
    public int Count => _rules.Length;

    /// <summary>The rule at a place.</summary>
    /// <param name="index">Place, from 0.</param>
    public Rule this[int index] => _rules[index];

    /// <summary>Makes a chain.</summary>
    /// <param name="rules">The rules, at least one, the first to see the gradient first.</param>
    /// <exception cref="ThalwegException">
    /// There is no rule, the settings of one contradict each other, there are two learning rates, or decay stands on the wrong side of the
    /// learning rate, where it would make the weights grow: the message names the rule and the remedy.
    /// </exception>
    public static Chain Of(params ReadOnlySpan<Rule> rules)
    {
        if (rules.IsEmpty)
            throw new ThalwegException("[chain] expected at least one rule, got none; add scale_by_learning_rate(0.01)");
        foreach (Rule rule in rules)
        {
            ArgumentNullException.ThrowIfNull(rule);
            rule.RefuseConflict();
        }

        int rate = LearningRatePlace(rules);
        for (int position = 0; position < rules.Length; position++)
        {
            if (rules[position].Misplaced(new ChainPosition(rules, position, rate)) is { } line)
                throw new ThalwegException($"[chain] {line}");
        }

        return new(rules);
    }

    private static int LearningRatePlace(ReadOnlySpan<Rule> rules)
    {
        int position = 0;
        while (position < rules.Length && rules[position] is not ScaleByLearningRate)
            position++;
        return position < rules.Length ? position : -1;
    }

    /// <summary>The chain with a rule right behind the learning rate.</summary>
    internal Chain AfterRate(Rule rule)
    {
        int rate = LearningRatePlace(_rules);
        return Of([.. _rules[..(rate + 1)], rule, .. _rules[(rate + 1)..]]);
    }

    /// <inheritdoc/>
    public bool Equals(Chain? other) => other is not null && _rules.AsSpan().SequenceEqual(other._rules);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Chain);

    /// <inheritdoc/>
    public override int GetHashCode() => _rules.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<Rule> GetEnumerator() => _rules.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The formulas of the rules in a row: from the second on, u is the update of the rule before.</summary>
    public string Formula =>
        $"{string.Join("; ", _rules.Skip(1).Select(rule => rule.FormulaBehind).Prepend(_rules[0].Formula))}; w = w + u";

    /// <summary>Each rule's text form, formula and source.</summary>
    public string Describe() => string.Join(Environment.NewLine, _rules.Select(rule => rule.Describe()));

    /// <summary>The text form, which <c>ChainText.Parse</c> reads back to an equal chain.</summary>
    public override string ToString() => $"chain({string.Join(", ", (IEnumerable<Rule>)_rules)})";
}
