using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>What a study tries, and how: with the results of its trials it decides which trials there are, and nothing else does.</summary>
public sealed record StudyDefinition
{
    /// <summary>The recipe whose settings are tuned; null for an objective of another kind.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The settings and their distributions.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>What is sought, the first goal first: it is what pruners see and by which the winner is chosen; default the metric of the
    /// task on the validation data, the more the better.</summary>
    public IReadOnlyList<SearchGoal> Goals { get; init; } = [new SearchGoal(StudyGoals.OfTask, true)];

    /// <summary>What proposes trials; default <c>auto</c>.</summary>
    public Sampler Sampler { get => field ??= Settings.Parse<Sampler>("auto"); init; }

    /// <summary>What pauses trials; default <c>none</c>.</summary>
    public Pruner Pruner { get; init; } = new NoPruner();

    /// <summary>Which results a trial is proposed from; default <c>lag(8)</c>.</summary>
    public StudyOrder Order { get; init; } = StudyOrder.Default;

    /// <summary>Trials to begin, 1 or more; default 60.</summary>
    public int Trials { get; init; } = 60;

    /// <summary>Epochs of all trials together after which no further one begins, 1 or more; default null, no limit.</summary>
    public long? MaxEpochs { get; init; }

    /// <summary>Epochs of a trial that is not paused, 1 or more; the budget that pruners divide.</summary>
    public required int MaxBudget { get; init; }

    /// <summary>Names the draws of the sampler; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The best trials that are trained again with other seeds and judged on rows that the search never scored, 0 or more; default
    /// 3. With 0 the best score stands as it is, and its optimism is not known.</summary>
    public int Finalists { get; init; } = 3;

    /// <summary>Trainings of each finalist, 2 or more, each with another seed and other rows held out; default 5.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Points that are tried first; default none.</summary>
    public IReadOnlyList<TrialPoint> Starts { get; init; } = [];

    /// <summary>SHA-256 of the contents of the data; null where they are not known.</summary>
    public string? Data { get; init; }

    /// <summary>Whether no further trial begins, because the time for the search was over; default false.</summary>
    public bool IsSearchClosed { get; init; }

    /// <summary>Whether the same trials come out each time: not so where a goal is a measured time, or the search was ended by a time.</summary>
    public bool IsExact => !IsSearchClosed && Goals.All(goal => !StudyGoals.IsMeasured(goal.Metric));

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ThalwegException">A number is out of range, or there is no setting or no goal.</exception>
    public void Validate()
    {
        if (Space.Count == 0)
        {
            throw new ThalwegException("[study] expected a search space with one setting or more, got none; give some, as in "
                + "training.optimizer.learning_rate=log(1e-5, 1)");
        }

        if (Goals.Count == 0)
            throw new ThalwegException("[study] expected one goal or more, got none; leave them out for the metric of the task");
        if (Trials < 1 || MaxBudget < 1 || MaxEpochs < 1)
        {
            throw new ThalwegException($"[study] expected 1 or more trials and epochs, got {Trials} trials, {MaxBudget} epochs of a trial and "
                + $"{MaxEpochs?.ToString(CultureInfo.InvariantCulture) ?? "any"} of all; correct them");
        }

        if (Finalists < 0 || Repeats < 2)
        {
            throw new ThalwegException($"[study] expected 0 or more finalists with 2 or more repeats, got {Finalists} and {Repeats}; "
                + "3 and 5 are usual");
        }
    }

    /// <summary>In what another definition differs, one line each, old and new; empty where it does not.</summary>
    /// <param name="other">The other.</param>
    /// <returns>What cannot be changed, and what <see cref="Study.Extend"/> can.</returns>
    public StudyDifference DifferenceFrom(StudyDefinition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        StudyHeader old = ToHeader(), now = other.ToHeader();
        List<string> settled = [], open = [];
        if (Recipe is not null && other.Recipe is not null)
            settled.AddRange(Recipe.Diff(other.Recipe).Select(item => item.ToString()));
        if (old.Data != now.Data)
            settled.Add("the data have other contents");
        Compare(settled, "goals", Text(old.Goals), Text(now.Goals));
        Compare(settled, "epochs of a trial", $"{old.MaxBudget}", $"{now.MaxBudget}");
        Compare(settled, "order", old.Order, now.Order);
        Compare(settled, "seed", $"{old.Seed}", $"{now.Seed}");
        Compare(open, "space", Text(old.Space.Except(now.Space)), Text(now.Space.Except(old.Space)));
        Compare(open, "sampler", old.Sampler, now.Sampler);
        Compare(open, "pruner", old.Pruner, now.Pruner);
        Compare(open, "trials", $"{old.Trials}", $"{now.Trials}");
        Compare(open, "epochs of all trials", $"{old.MaxEpochs}", $"{now.MaxEpochs}");
        Compare(open, "start points", Text(old.Starts), Text(now.Starts));
        Compare(open, "finalists", $"{old.Finalists} x {old.Repeats}", $"{now.Finalists} x {now.Repeats}");
        return new StudyDifference(settled, open);
    }

    internal StudyHeader ToHeader() => new()
    {
        Recipe = Recipe?.ToYaml(),
        Space = [.. Space.Select(parameter => parameter.ToString())],
        Goals = [.. Goals.Select(StudyGoals.TextOf)],
        Sampler = Sampler.ToString(),
        Pruner = Pruner.ToString(),
        Order = Order.ToString(),
        Trials = Trials,
        MaxEpochs = MaxEpochs,
        MaxBudget = MaxBudget,
        Seed = Seed,
        Finalists = Finalists,
        Repeats = Repeats,
        Starts = [.. Starts.Select(point => point.ToString())],
        Data = Data,
        IsSearchClosed = IsSearchClosed,
    };

    internal static StudyDefinition Of(StudyHeader header)
    {
        SearchSpace space = SearchSpace.Parse(header.Space);
        return new StudyDefinition
        {
            Recipe = header.Recipe is { } yaml ? Recipe.Parse(yaml) : null,
            Space = space,
            Goals = [.. header.Goals.Select(StudyGoals.Parse)],
            Sampler = Settings.Parse<Sampler>(header.Sampler),
            Pruner = Settings.Parse<Pruner>(header.Pruner),
            Order = StudyOrder.Parse(header.Order),
            Trials = header.Trials,
            MaxEpochs = header.MaxEpochs,
            MaxBudget = header.MaxBudget,
            Seed = header.Seed,
            Finalists = header.Finalists,
            Repeats = header.Repeats,
            Starts = [.. header.Starts.Select(TrialPoint.Parse)],
            Data = header.Data,
            IsSearchClosed = header.IsSearchClosed,
        };
    }

    private static void Compare(List<string> differences, string name, string old, string now)
    {
        if (old != now)
            differences.Add($"{name}: {(old.Length == 0 ? "none" : old)} -> {(now.Length == 0 ? "none" : now)}");
    }

    private static string Text(IEnumerable<string> items) => string.Join(", ", items);
}

/// <summary>In what two definitions of a study differ, one line each, old and new.</summary>
/// <param name="Settled">What a study that has begun cannot change.</param>
/// <param name="Open">What it can change by <see cref="Study.Extend"/>.</param>
public sealed record StudyDifference(IReadOnlyList<string> Settled, IReadOnlyList<string> Open);
