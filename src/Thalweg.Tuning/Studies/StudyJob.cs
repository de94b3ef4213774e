namespace Thalweg.Tuning;

/// <summary>What a job of a study is for.</summary>
public enum StudyJobKind
{
    /// <summary>A trial that begins, or goes on where it was paused.</summary>
    Search,

    /// <summary>A finalist that is trained with another seed and judged on rows that the search never scored.</summary>
    Finalist,

    /// <summary>The winner, trained as the recipe says.</summary>
    Winner,
}

/// <summary>A piece of work of a study, which one worker does at a time.</summary>
public sealed class StudyJob
{
    private readonly Func<IReadOnlyList<double>, bool> _shouldPause;

    /// <param name="shouldPause">Whether a curve is a reason to pause.</param>
    internal StudyJob(Func<IReadOnlyList<double>, bool> shouldPause) => _shouldPause = shouldPause;

    /// <summary>Number of the job in the study, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What it is for.</summary>
    public required StudyJobKind Kind { get; init; }

    /// <summary>Number of the trial, from 0.</summary>
    public required int Trial { get; init; }

    /// <summary>Which repetition of a finalist, from 0.</summary>
    public int Repeat { get; init; }

    /// <summary>The values of the settings.</summary>
    public required TrialPoint Point { get; init; }

    /// <summary>The worker that has it.</summary>
    public required string Worker { get; init; }

    /// <summary>The metric after each epoch of earlier jobs of this trial; empty for a trial that begins.</summary>
    public IReadOnlyList<double> Curve { get; init; } = [];

    /// <summary>Whether the trial is to be paused now: the decision of the pruner, from the results that this job may see.</summary>
    /// <param name="curve">The metric after each epoch so far; NaN where there was none.</param>
    public bool ShouldPause(IReadOnlyList<double> curve) => _shouldPause(curve);
}

/// <summary>What a job of a study came to.</summary>
/// <param name="Status">Completed, paused by the pruner, or failed.</param>
/// <param name="Values">One figure for each goal; NaN for a trial that failed.</param>
/// <param name="Curve">The first goal after each epoch; NaN where there was none.</param>
public sealed record TrialReport(TrialStatus Status, IReadOnlyList<double> Values, IReadOnlyList<double> Curve)
{
    /// <summary>Time of the whole trial in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Failure { get; init; }

    /// <summary>Figures on rows that the search never scored, of a finalist; null for other jobs.</summary>
    public HeldOutFigures? HeldOut { get; init; }

    /// <summary>The reading of the test data, of the winner; null where there was none.</summary>
    public StudyTest? Test { get; init; }
}

/// <summary>Figures of a finalist on rows that the search never scored.</summary>
/// <param name="Metric">The first goal.</param>
/// <param name="Samples">Number of rows.</param>
/// <param name="Variance">Variance of the scores of single rows, whose mean the metric is; NaN where it is no such mean.</param>
/// <param name="IsShare">Whether each row scores 0 or 1.</param>
/// <param name="TestSamples">Rows of the test data, which are only counted; 0 where there are none.</param>
public sealed record HeldOutFigures(double Metric, int Samples, double Variance, bool IsShare, int TestSamples);

/// <summary>The reading of the test data.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Samples">Number of rows.</param>
public sealed record StudyTest(string Name, double Metric, double Loss, int Samples);

/// <summary>What is tuned: something that turns the values of settings into figures.</summary>
public interface IStudyObjective
{
    /// <summary>Does a job; several threads may do so at once.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellation">Asks to end soon and keep what can be kept.</param>
    /// <returns>What it came to; null where it was cancelled, so that another worker can go on with it.</returns>
    TrialReport? Run(StudyJob job, CancellationToken cancellation);
}
