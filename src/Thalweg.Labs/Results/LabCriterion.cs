namespace Thalweg.Labs;

/// <summary>A side of a threshold.</summary>
public enum LabRelation
{
    /// <summary>The figure is the threshold or above.</summary>
    AtLeast,

    /// <summary>The figure is the threshold or below.</summary>
    AtMost,
}

/// <summary>Whether an expectation is met.</summary>
public enum LabOutcome
{
    /// <summary>The whole interval lies on the expected side.</summary>
    Holds,

    /// <summary>The whole interval lies on the other side.</summary>
    Fails,

    /// <summary>The interval crosses the threshold.</summary>
    Undecided,
}

/// <summary>What a lab finds of its claim.</summary>
public enum LabVerdict
{
    /// <summary>All expectations are met.</summary>
    Holds,

    /// <summary>The essential expectations are met, others are not.</summary>
    HoldsInPart,

    /// <summary>An essential expectation is not met, or none is.</summary>
    DoesNotHold,

    /// <summary>It depends on expectations whose intervals cross their thresholds.</summary>
    Undecided,
}

/// <summary>What must be true of a figure if the claim holds, and whether it is.</summary>
/// <param name="Figure">Name of the figure.</param>
/// <param name="Relation">Side of the threshold on which it must lie.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="IsEssential">Whether the claim does not hold at all without it.</param>
/// <param name="Outcome">Whether it is met.</param>
public sealed record LabCriterion(string Figure, LabRelation Relation, double Threshold, bool IsEssential, LabOutcome Outcome)
{
    /// <summary>The verdict that follows from expectations.</summary>
    /// <remarks>Where some are undecided, the verdict is the one that follows whether they hold or not, and undecided where that makes a
    /// difference.</remarks>
    /// <param name="criteria">The expectations.</param>
    public static LabVerdict Conclude(IReadOnlyList<LabCriterion> criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        LabVerdict best = Conclude(criteria, LabOutcome.Holds), worst = Conclude(criteria, LabOutcome.Fails);
        return best == worst ? best : LabVerdict.Undecided;
    }

    private static LabVerdict Conclude(IReadOnlyList<LabCriterion> criteria, LabOutcome undecided)
    {
        int met = 0;
        foreach (LabCriterion criterion in criteria)
        {
            bool holds = (criterion.Outcome == LabOutcome.Undecided ? undecided : criterion.Outcome) == LabOutcome.Holds;
            if (!holds && criterion.IsEssential)
                return LabVerdict.DoesNotHold;
            met += holds ? 1 : 0;
        }

        return met == 0 ? LabVerdict.DoesNotHold : met == criteria.Count ? LabVerdict.Holds : LabVerdict.HoldsInPart;
    }
}
