namespace Thalweg.Tuning;

/// <summary>A trial of a study, as it stands.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Point">The values that it tries.</param>
public sealed record StudyTrial(int Number, TrialPoint Point)
{
    /// <summary>What it has come to; null while its first job is under way.</summary>
    public TrialStatus? Status { get; init; }

    /// <summary>Whether a job of it is under way.</summary>
    public bool IsRunning { get; init; }

    /// <summary>A figure for each goal; empty where there is none.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>The first goal after each epoch.</summary>
    public IReadOnlyList<double> Curve { get; init; } = [];

    /// <summary>Time of its training in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Failure { get; init; }

    /// <summary>How often it was taken up: 1, and 1 more for each time that it was continued after a pause.</summary>
    public int Jobs { get; init; }
}

/// <summary>What a study has come to so far.</summary>
public sealed record StudyResult
{
    /// <summary>What the study is.</summary>
    public required StudyDefinition Definition { get; init; }

    /// <summary>The trials, in order.</summary>
    public required IReadOnlyList<StudyTrial> Trials { get; init; }

    /// <summary>Numbers of the trials in the order of their jobs: one that was continued stands there again.</summary>
    public required IReadOnlyList<int> Order { get; init; }

    /// <summary>Whether all is done.</summary>
    public required bool IsFinished { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When something was last written down.</summary>
    public DateTimeOffset Latest { get; init; }

    /// <summary>The best completed trial by the first goal; null where none was completed.</summary>
    public StudyTrial? Best { get; init; }

    /// <summary>The trial that wins: of the finalists the best on rows that the search never scored; without finalists the best. Null where no
    /// trial was completed.</summary>
    public StudyTrial? Winner { get; init; }

    /// <summary>The completed trials that no other one beats in all goals, in order of the first one; the best alone where there is one
    /// goal.</summary>
    public IReadOnlyList<StudyTrial> ParetoFront { get; init; } = [];

    /// <summary>The finalists with their figures, best first; empty where there are none yet.</summary>
    public IReadOnlyList<FinalistFigures> Finalists { get; init; } = [];

    /// <summary>By how much the best score is better than that of the same trial on rows that the search never scored, in the unit of the
    /// first goal and positive where it is too good; NaN where that is not known.</summary>
    public double Optimism { get; init; } = double.NaN;

    /// <summary>The reading of the test data for the winner; null where there was none.</summary>
    public StudyTest? Test { get; init; }

    /// <summary>Number of jobs that are still to do where nothing is continued.</summary>
    public int JobsLeft { get; init; }

    /// <summary>Number of jobs that are done: trials, continued ones again, and trainings of finalists and winner.</summary>
    public int JobsDone { get; init; }

    /// <summary>Epochs of all trials together.</summary>
    public long Epochs => Trials.Sum(trial => (long)trial.Curve.Count);

    /// <summary>The best trial, or an error where there is none.</summary>
    /// <exception cref="ThalwegException">No trial was completed.</exception>
    public StudyTrial RequireWinner()
    {
        if (Winner is { } winner)
            return winner;
        string reason = Trials.Select(trial => trial.Failure).FirstOrDefault(failure => failure is not null) is { } failure
            ? $"; the first failure: {failure}" : "";
        throw new ThalwegException($"[study] expected a trial that succeeded, found none among {Trials.Count}{reason}; narrow the space, or "
            + "let the study run on");
    }

    /// <summary>Time that is probably left.</summary>
    internal TimeSpan? TimeLeft(int workers)
    {
        double[] seconds = [.. Trials.Where(trial => trial.Status is not null && !trial.IsRunning).Select(trial => trial.Seconds)];
        return seconds.Length == 0 ? null : TimeSpan.FromSeconds(seconds.Average() * JobsLeft / Math.Max(1, Math.Min(workers, JobsLeft)));
    }

    internal static StudyResult Of(StudyState state, StudyScheduler scheduler)
    {
        StudyDefinition study = state.Definition!;
        StudyTrial[] trials = [.. state.Trials.Select(TrialOf)];
        IReadOnlyList<TrialResult> history = state.History(state.EndedSearches);
        StudyTrial? best = StudyScheduler.Ranked(history, study.Goals[0]).Select(result => trials[result.Number]).FirstOrDefault();
        int? winner = scheduler.Winner();
        FinalistFigures[] finalists =
        [
            .. from number in scheduler.Finalists()
               let reports = scheduler.FinalsOf(number).Where(job => job.IsEnded).Select(job => job.Report!).ToArray()
               where reports.Length > 0 && reports.All(report => report.HeldOut is not null)
               let figures = FinalistFigures.Of(number, [.. reports.Select(report => report.HeldOut!)])
               orderby study.Goals[0].Maximize ? -figures.Mean : figures.Mean
               select figures,
        ];
        double held = finalists.FirstOrDefault(item => item.Trial == best?.Number)?.Mean ?? double.NaN;
        return new StudyResult
        {
            Definition = study,
            Trials = trials,
            Order = [.. state.Searches.Select(job => job.Line.Trial)],
            IsFinished = scheduler.IsFinished,
            Started = state.Started,
            Latest = state.Latest,
            Best = best,
            Winner = winner is { } number1 ? trials[number1] : null,
            ParetoFront = [.. Pareto.FrontOf(history, study.Goals).Select(result => trials[result.Number])],
            Finalists = finalists,
            Optimism = best is null ? double.NaN : study.Goals[0].Maximize ? best.Values[0] - held : held - best.Values[0],
            Test = state.Jobs.LastOrDefault(job => job.Line.Kind == StudyJobKind.Winner && job.Line.Trial == winner)?.Report?.Test,
            JobsDone = state.Jobs.Count(job => job.IsEnded),
            JobsLeft = state.Open.Count() + Math.Max(0, study.Trials - trials.Length)
                + (study.Recipe is null ? 0 : Math.Max(0, (study.Finalists * study.Repeats) + 1 - (state.Jobs.Count - state.Searches.Count))),
        };
    }

    private static StudyTrial TrialOf(TrialState trial) => new(trial.Number, trial.Point)
    {
        Status = trial.Report?.Status,
        IsRunning = !trial.Jobs[^1].IsEnded,
        Values = trial.Report?.Values ?? [],
        Curve = trial.Report?.Curve ?? [],
        Seconds = trial.Report?.Seconds ?? 0,
        Failure = trial.Report?.Failure,
        Jobs = trial.Jobs.Count,
    };
}
