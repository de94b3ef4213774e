namespace Thalweg.Tuning;

/// <summary>How a trial ended.</summary>
public enum TrialStatus
{
    /// <summary>It had its whole budget.</summary>
    Completed,

    /// <summary>It was paused by a pruner before its budget was spent.</summary>
    Pruned,

    /// <summary>It ended with an error or a number that is not finite.</summary>
    Failed,
}

/// <summary>What a study looks for.</summary>
/// <param name="Metric">Name of the figure, as in <c>accuracy</c>.</param>
/// <param name="Maximize">Whether more is better.</param>
public sealed record SearchGoal(string Metric, bool Maximize);

/// <summary>A trial that has ended, as samplers and pruners see it.</summary>
/// <param name="Number">Its number in the study, from 0.</param>
/// <param name="Point">The values that it tried.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Values">A figure for each goal, in the unit of the goal; empty where it ended without.</param>
/// <param name="Curve">The figure of the first goal after each unit of budget, in the unit of the goal; NaN where there is none.</param>
public sealed record TrialResult(
    int Number, TrialPoint Point, TrialStatus Status, IReadOnlyList<double> Values, IReadOnlyList<double> Curve);

/// <summary>All that a sampler may use.</summary>
/// <param name="Space">The space.</param>
/// <param name="Goals">The goals, at least one.</param>
/// <param name="History">Trials that have ended, in an order that depends on the study alone.</param>
/// <param name="Pending">Points that were proposed and are not in the history yet.</param>
/// <param name="Number">Number of the trial that is proposed, from 0.</param>
/// <param name="Seed">Seed of the study.</param>
public sealed record SuggestionContext(
    SearchSpace Space, IReadOnlyList<SearchGoal> Goals, IReadOnlyList<TrialResult> History, IReadOnlyList<TrialPoint> Pending, int Number,
    ulong Seed)
{
    /// <summary>Random numbers for this trial, which follow from seed and number alone.</summary>
    public RandomStream NewStream() => new(Seed, RandomPurpose.Search, (ulong)Number);
}

/// <summary>Proposes the points that a study tries.</summary>
/// <remarks>
/// A proposal is a function of the context alone: the same context gives the same point, whatever was asked before, on any number of threads.
/// That makes studies equal for any number of workers and after any resume. A custom sampler derives from this record and is read from texts
/// once it is registered by <see cref="Settings.Register{TRecord}"/>.
/// </remarks>
public abstract record Sampler : SettingsRecord
{
    /// <summary>Reads a sampler, as in <c>gp(startup_trials=10)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">No sampler has the name, or a setting is not known or out of range.</exception>
    public static Sampler Parse(string text) => Settings.Parse<Sampler>(text);

    /// <summary>Proposes a point.</summary>
    /// <param name="context">Space, goals, and what is known so far.</param>
    /// <returns>A point of the space.</returns>
    public abstract TrialPoint Suggest(SuggestionContext context);

    /// <summary>Trials after which there is nothing new to propose; null (default) where there is no end.</summary>
    /// <param name="space">The space.</param>
    public virtual long? MaximumTrials(SearchSpace space) => null;

    /// <summary>How a point comes about, in one line; by default the text of the sampler.</summary>
    /// <param name="context">Space, goals, and what is known so far.</param>
    public virtual string Explain(SuggestionContext context) => ToString();
}
