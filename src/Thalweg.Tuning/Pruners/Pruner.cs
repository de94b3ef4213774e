namespace Thalweg.Tuning;

/// <summary>What becomes of a trial that has spent a unit of its budget.</summary>
public enum PruneDecision
{
    /// <summary>It continues.</summary>
    Continue,

    /// <summary>It is paused; its checkpoint lets it continue later.</summary>
    Pause,
}

/// <summary>All that a pruner may use when it decides about a trial.</summary>
/// <param name="Goal">The goal that curves are about.</param>
/// <param name="History">Trials that have ended or are paused, in an order that depends on the study alone.</param>
/// <param name="Curve">The figure of this trial after each unit of budget so far, in the unit of the goal; NaN where there is none.</param>
/// <param name="Number">Number of this trial, from 0.</param>
/// <param name="MaxBudget">Units of budget of a whole trial, mostly epochs, 1 or more.</param>
public sealed record PruningContext(
    SearchGoal Goal, IReadOnlyList<TrialResult> History, IReadOnlyList<double> Curve, int Number, int MaxBudget);

/// <summary>All that a pruner may use when it chooses a paused trial that is to continue.</summary>
/// <param name="Goal">The goal that curves are about.</param>
/// <param name="History">Trials that have ended or are paused, in an order that depends on the study alone.</param>
/// <param name="Running">Numbers of the paused trials that are under way again.</param>
/// <param name="TrialsLeft">New trials that the study may still start, 0 or more.</param>
/// <param name="MaxBudget">Units of budget of a whole trial, 1 or more.</param>
public sealed record ResumptionContext(
    SearchGoal Goal, IReadOnlyList<TrialResult> History, IReadOnlyList<int> Running, int TrialsLeft, int MaxBudget);

/// <summary>Decides which trials are worth their whole budget.</summary>
/// <remarks>
/// Decisions are functions of the context alone. A trial is paused, not thrown away: <see cref="Resume"/> may want it back. A figure that is
/// not finite pauses a trial whatever the pruner says. A custom pruner derives from this record and is read from texts once it is registered
/// by <see cref="Settings.Register{TRecord}"/>.
/// </remarks>
public abstract record Pruner : SettingsRecord
{
    /// <summary>Reads a pruner, as in <c>asha(factor=4)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">No pruner has the name, or a setting is not known or out of range.</exception>
    public static Pruner Parse(string text) => Settings.Parse<Pruner>(text);

    /// <summary>Decides about a trial after each unit of its budget.</summary>
    /// <param name="context">The trial, and what is known of others.</param>
    public PruneDecision Decide(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Curve.Count == 0 || context.Curve.Count >= context.MaxBudget)
            return PruneDecision.Continue;
        return !double.IsNaN(context.Curve[^1]) && double.IsInfinity(context.Curve[^1])
            ? PruneDecision.Pause
            : DecideCore(context);
    }

    /// <summary>Chooses a paused trial that continues before a new one starts.</summary>
    /// <param name="context">What is known of the trials.</param>
    /// <returns>Its number; null (default) where none is to continue.</returns>
    public virtual int? Resume(ResumptionContext context) => null;

    /// <summary>Decides about a trial with a figure after the last unit of budget, which is not the last of all.</summary>
    /// <param name="context">The trial, and what is known of others.</param>
    protected abstract PruneDecision DecideCore(PruningContext context);
}

/// <summary>Lets each trial have its whole budget.</summary>
public sealed record NoPruner : Pruner
{
    /// <inheritdoc/>
    protected override PruneDecision DecideCore(PruningContext context) => PruneDecision.Continue;
}
