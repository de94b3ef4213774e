namespace Thalweg.Tuning;

/// <summary>Chooses the jobs of a study from its log alone.</summary>
internal sealed class StudyScheduler(StudyState state)
{
    private readonly Dictionary<(int Number, int Seen), TrialPoint> _points = [];

    private StudyDefinition Study => state.Definition!;

    /// <summary>Forgets what was computed ahead, after the definition has changed.</summary>
    public void Reset() => _points.Clear();

    /// <summary>Computes what <see cref="Next"/> would compute, so that it is quick while it holds the storage.</summary>
    public void Prepare() => _ = Next(null);

    /// <summary>The next job.</summary>
    /// <param name="worker">Who takes it.</param>
    /// <returns>The job; null where jobs under way must end first, or nothing is left to do.</returns>
    public JobLine? Next(string? worker)
    {
        int searches = state.Searches.Count, seen = Study.Order.SeenBy(searches);
        if (state.EndedSearches < seen)
            return null;
        if (Search(seen, worker) is { } job)
            return job;

        // Nothing to do by what this job may see: decided once more when all is known, so that the end does not depend on the order of events.
        if (state.EndedSearches < searches)
            return null;
        return (seen < searches ? Search(searches, worker) : null) ?? Final(worker);
    }

    /// <summary>Whether all is done.</summary>
    public bool IsFinished => state.Definition is not null && !state.Open.Any() && Next(null) is null;

    /// <summary>Trials that were completed, best first.</summary>
    public static IEnumerable<TrialResult> Ranked(IEnumerable<TrialResult> history, SearchGoal goal) => history
        .Where(result => result.Status == TrialStatus.Completed && result.Values.Count > 0 && double.IsFinite(result.Values[0]))
        .OrderBy(result => goal.Maximize ? -result.Values[0] : result.Values[0]).ThenBy(result => result.Number);

    /// <summary>The finalists, best first.</summary>
    public int[] Finalists() => [.. Ranked(state.History(state.EndedSearches), Study.Goals[0]).Take(Study.Finalists).Select(result => result.Number)];

    /// <summary>The trial that wins: the best of the finalists on the rows that were held out; without finalists the best of all.</summary>
    public int? Winner()
    {
        int[] finalists = Finalists();
        (int Trial, double Mean)[] judged =
        [
            .. from trial in finalists
               let figures = FinalsOf(trial).Select(job => job.Report?.HeldOut?.Metric ?? double.NaN).ToArray()
               where figures.Length == Study.Repeats && figures.All(double.IsFinite)
               select (trial, figures.Average()),
        ];
        return judged.Length > 0 ? (Study.Goals[0].Maximize ? judged.MaxBy(item => item.Mean) : judged.MinBy(item => item.Mean)).Trial
            : Ranked(state.History(state.EndedSearches), Study.Goals[0]).FirstOrDefault()?.Number;
    }

    /// <summary>The jobs that judge a finalist.</summary>
    public IEnumerable<JobState> FinalsOf(int trial) =>
        state.Jobs.Where(job => job.Line.Kind == StudyJobKind.Finalist && job.Line.Trial == trial);

    private JobLine? Search(int seen, string? worker)
    {
        if (Study.IsSearchClosed)
            return null;
        int index = state.Jobs.Count;
        IReadOnlyList<TrialResult> history = state.History(seen);
        int[] running = [.. state.Searches.Skip(seen).Select(job => job.Line.Trial)];
        if (Study.MaxEpochs is { } epochs && state.EpochsOf(seen) >= epochs)
            return null;
        int left = Study.Trials - state.Trials.Count;
        ResumptionContext context = new(Study.Goals[0], history, running, left, Study.MaxBudget);
        if (Study.Pruner.Resume(context) is { } paused)
            return new JobLine(index, StudyJobKind.Search, paused, seen, worker);
        return left <= 0 ? null
            : new JobLine(index, StudyJobKind.Search, state.Trials.Count, seen, worker, PointOf(state.Trials.Count, seen, history).ToString());
    }

    private TrialPoint PointOf(int number, int seen, IReadOnlyList<TrialResult> history)
    {
        if (_points.TryGetValue((number, seen), out TrialPoint? known))
            return known;
        TrialPoint[] pending = [.. state.Searches.Skip(seen).Select(job => job.Line.Trial).Distinct()
            .Where(trial => !state.IsInHistory(trial)).Select(trial => state.Trials[trial].Point).Where(Fits)];

        // After an extension, points of the old space may not lie in the new one.
        IReadOnlyList<TrialResult> fitting = state.IsExtended ? [.. history.Where(result => Fits(result.Point))] : history;
        TrialPoint point = number < Study.Starts.Count ? Study.Starts[number] : Study.Sampler.Suggest(new SuggestionContext(
            Study.Space, Study.Goals, fitting, pending, number, Study.Seed));
        _points.Clear();
        return _points[(number, seen)] = point;
    }

    private bool Fits(TrialPoint point)
    {
        if (!state.IsExtended)
            return true;
        try
        {
            Study.Space.Check(point);
            return true;
        }
        catch (ThalwegException)
        {
            return false;
        }
    }

    private JobLine? Final(string? worker)
    {
        if (Study.Recipe is null)
            return null;
        (int index, int seen) = (state.Jobs.Count, state.Searches.Count);
        int[] finalists = Finalists();
        foreach (int trial in finalists)
        {
            int begun = FinalsOf(trial).Count();
            if (begun < Study.Repeats)
                return new JobLine(index, StudyJobKind.Finalist, trial, seen, worker, Repeat: begun);
        }

        return !state.Open.Any() && Winner() is { } winner
            && !state.Jobs.Any(job => job.Line.Kind == StudyJobKind.Winner && job.Line.Trial == winner)
            ? new JobLine(index, StudyJobKind.Winner, winner, seen, worker) : null;
    }
}
