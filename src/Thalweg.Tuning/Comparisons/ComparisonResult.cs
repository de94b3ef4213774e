using System.Text.Json.Serialization;
namespace Thalweg.Tuning;

/// <summary>What a comparison found: best first. All but the times is the same whenever and however often it was interrupted.</summary>
public sealed record ComparisonResult
{
    /// <summary>The options.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>Name of the data.</summary>
    public required string Data { get; init; }

    /// <summary>Number of training samples.</summary>
    public required int TrainingSamples { get; init; }

    /// <summary>Number of validation samples.</summary>
    public required int ValidationSamples { get; init; }

    /// <summary>Name of the metric: accuracy or R2.</summary>
    public required string MetricName { get; init; }

    /// <summary>The metric of the trivial answer: the most frequent class, or the mean.</summary>
    public required double Trivial { get; init; }

    /// <summary>The metric whose first reaching is counted.</summary>
    public required double Target { get; init; }

    /// <summary>Steps in an epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>The learning rates that were tried.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>The contenders, best first.</summary>
    public required IReadOnlyList<RankedContender> Ranking { get; init; }

    /// <summary>What all trials cost.</summary>
    public required TrialCost Cost { get; init; }

    /// <summary>The winner on the test data; null where it was not asked for.</summary>
    public TestResult? Test { get; init; }
}

/// <summary>What trials cost.</summary>
/// <param name="Trials">Their number.</param>
/// <param name="Diverged">How many of them ended in NaN or infinity.</param>
/// <param name="Steps">Steps of all.</param>
/// <param name="Seconds">Time of all in seconds, one after the other.</param>
public sealed record TrialCost(int Trials, int Diverged, long Steps, double Seconds)
{
    internal static TrialCost Of(IReadOnlyCollection<ComparisonTrial> trials) =>
        new(trials.Count, trials.Count(trial => trial.Diverged), trials.Sum(trial => trial.Steps), trials.Sum(trial => trial.Seconds));
}

/// <summary>A contender's place.</summary>
public sealed record RankedContender
{
    /// <summary>Place, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>What was compared.</summary>
    public required Contender Contender { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The formula that ran.</summary>
    public required string Formula { get; init; }

    /// <summary>The learning rate that was best in the tuning.</summary>
    public required double Rate { get; init; }

    /// <summary>Whether that is the lowest or highest of those tried, so that a better one may lie outside.</summary>
    public required bool IsAtEdge { get; init; }

    /// <summary>Mean validation metric over the seeds of the ranking.</summary>
    public required double Metric { get; init; }

    /// <summary>Its interval, that of the distance to the winner, and how often it is the best.</summary>
    public required BootstrapFigures Bootstrap { get; init; }

    /// <summary>Median number of steps until the target was reached; null where half of the runs or more did not.</summary>
    public required long? StepsToTarget { get; init; }

    /// <summary>Median time of training in seconds until the target was reached; null where half of the runs or more did not.</summary>
    public required double? SecondsToTarget { get; init; }

    /// <summary>What the tuning cost.</summary>
    public required TrialCost Tuning { get; init; }

    /// <summary>The tuning: the result of each rate.</summary>
    public required IReadOnlyList<RateResult> Rates { get; init; }

    /// <summary>The runs of the ranking.</summary>
    public required IReadOnlyList<RunCurve> Runs { get; init; }
}

/// <summary>Result of a learning rate in the tuning.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Mean">Mean validation metric over the seeds.</param>
/// <param name="Metrics">Metric of each seed; of one that diverged, that of the trivial answer.</param>
/// <param name="Diverged">How many seeds diverged.</param>
public sealed record RateResult(double Rate, double Mean, IReadOnlyList<double> Metrics, int Diverged);

/// <summary>A run of the ranking, epoch by epoch.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Diverged">Whether it ended in NaN or infinity.</param>
/// <param name="TrainingLoss">Mean training loss of each epoch.</param>
/// <param name="ValidationLoss">Validation loss after each epoch.</param>
/// <param name="Metrics">Validation metric after each epoch.</param>
/// <param name="Seconds">Time of training until the end of each epoch, in seconds.</param>
public sealed record RunCurve(
    ulong Seed, bool Diverged, IReadOnlyList<double> TrainingLoss, IReadOnlyList<double> ValidationLoss, IReadOnlyList<double> Metrics,
        IReadOnlyList<double> Seconds);

/// <summary>The winner on the test data.</summary>
/// <param name="Name">The winner.</param>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Seed">Seed of the run that was measured: the first of the ranking.</param>
/// <param name="Metric">Accuracy or R2.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="Samples">Number of test samples.</param>
public sealed record TestResult(string Name, double Rate, ulong Seed, double Metric, double Loss, int Samples)
{
    /// <summary>What the reading of the same rows by several models gives reason to doubt; null where this was the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }
}
