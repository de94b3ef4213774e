namespace Thalweg.Rules;

/// <summary>How a chain is cut into groups, each one pass over memory.</summary>
internal static class RuleGroups
{
    /// <summary>The groups behind the gates, as places in the chain: a group ends before a rule that looks at the whole
    /// update at once.</summary>
    /// <param name="chain">The rules.</param>
    /// <param name="groupSize">Rules of a group at most.</param>
    public static IEnumerable<Range> Of(IReadOnlyList<Rule> chain, int groupSize)
    {
        for (int start = chain.TakeWhile(rule => rule is GateRule).Count(), end; start < chain.Count; start = end)
        {
            end = start + 1;
            while (end < chain.Count && end - start < groupSize && chain[end] is not ReduceRule)
                end++;
            yield return start..end;
        }
    }
}
