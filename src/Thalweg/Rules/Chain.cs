using System.Collections;
using System.Runtime.CompilerServices;

namespace Thalweg.Rules;

/// <summary>Rules in a row, from the gradient to the update: an optimizer.</summary>
/// <remarks>
/// Written as a collection: <c>Chain chain = [new ClipByGlobalNorm(1), new ScaleByAdam(), new ScaleByLearningRate(1e-3)];</c>
/// It is immutable, equal to another chain with equal rules, and its text form reads back (<c>ChainText.Parse</c>). It holds no
/// state: <see cref="Optimizers.OptimizerRun"/> does.
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
        int rate = LearningRatePlace(rules);
        for (int place = 0; place < rules.Length; place++)
        {
            ArgumentNullException.ThrowIfNull(rules[place]);
            rules[place].RefuseConflict();
            if (rules[place] is ScaleByLearningRate && place > rate)
                throw new ThalwegException(
                    $"[chain] found a second learning rate, {rules[place]}, whose sign would make the weights climb; leave it out");
            if (rate < 0 || WrongSide(rules[place], place > rate) is not { } remedy)
                continue;
            string side = place > rate ? "after" : "before";
            throw new ThalwegException(
                $"[chain] found {rules[place]} {side} scale_by_learning_rate, where it makes the weights grow; move it, or use {remedy}");
        }

        RefuseLateChanges(rules);
        if (rules[^1] is GateRule gate)
            throw new ThalwegException(
                $"[chain] found nothing after {gate}, which only holds gradients back; add scale_by_learning_rate(0.01)");

        return new(rules);
    }

    /// <summary>Refuses rules that would change an update whose weights have been looked at already.</summary>
    private static void RefuseLateChanges(ReadOnlySpan<Rule> rules)
    {
        for (int place = 1; place < rules.Length; place++)
        {
            if (rules[place - 1] is ScaleByMomentum { Nesterov: NesterovForm.LookAhead } && rules[place] is ScaleByLearningRate)
            {
                throw new ThalwegException(
                    $"[chain] found {rules[place]} after {rules[place - 1]}, whose velocity must contain the rate to know where it " +
                    "leads; exchange them");
            }

            if (rules[place] is GateRule && rules[place - 1] is not GateRule)
                throw new ThalwegException(
                    $"[chain] found {rules[place]} after {rules[place - 1]}, which would have changed its state already; put it first");
            if (rules[place - 1].SeesNewWeights && !rules[place].SeesNewWeights)
            {
                throw new ThalwegException(
                    $"[chain] found {rules[place]} after {rules[place - 1]}, which must see the weights that the update leads to; " +
                    "exchange them");
            }
        }
    }

    private static int LearningRatePlace(ReadOnlySpan<Rule> rules)
    {
        int place = 0;
        while (place < rules.Length && rules[place] is not ScaleByLearningRate)
            place++;
        return place < rules.Length ? place : -1;
    }

    /// <summary>What to use instead of a decay that the sign of the learning rate would turn into growth, or null.</summary>
    private static string? WrongSide(Rule rule, bool isAfterRate) => rule switch
    {
        AddDecayedWeights or AddSign when isAfterRate => "shrink_weights",
        ShrinkWeights when !isAfterRate => "add_decayed_weights",
        _ => null,
    };

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
