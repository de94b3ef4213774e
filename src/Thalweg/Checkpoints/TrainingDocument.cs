using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Metrics;

namespace Thalweg.Checkpoints;

/// <summary>Progress of a training run, beside its tensors: with both it continues as if it had never stopped.</summary>
public sealed record TrainingDocument
{
    /// <summary>The optimizer's rules and hyperparameters, in the form that they describe themselves in.</summary>
    public required JsonElement Optimizer { get; init; }

    /// <summary>Steps taken, 0 or more.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch under way, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of that epoch already trained on, 0 or more.</summary>
    public required int BatchInEpoch { get; init; }

    /// <summary>Seed of the run; random streams are named by seed, purpose and step, so that no generator state need be kept.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Options beside the optimizer that decide what a step computes, by name; empty in files of versions that did not keep
    /// them.</summary>
    public SortedDictionary<string, string> Options
    {
        get;

        // Files that lack the member give null: generated JSON code sets each init property.
        init => field = value ?? new(StringComparer.Ordinal);
    } = new(StringComparer.Ordinal);

    /// <summary>Positions of random streams that are not named by the step, by name; usually none.</summary>
    public SortedDictionary<string, ulong> RandomPositions
    {
        get;

        // Files that lack the member give null: generated JSON code sets each init property.
        init => field = value ?? new(StringComparer.Ordinal);
    } = new(StringComparer.Ordinal);

    /// <summary>Epochs that are over, their evaluation included; null in files of versions that did not keep it.</summary>
    public int? CompletedEpochs { get; init; }

    /// <summary>Sums of the training figures of the epoch under way; null in files of versions that did not keep them.</summary>
    public EpochScores? EpochScores { get; init; }

    /// <summary>Time of training in the epoch under way so far, in seconds.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Of a stream: the pass under way, from 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int StreamPass { get; init; }

    /// <summary>Of a stream: samples of the pass already trained on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StreamSample { get; init; }

    /// <summary>What recovery from failed steps has done, or null where it is off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecoveryState? Recovery { get; init; }

    /// <summary>What early stopping has seen, or null where it is off.</summary>
    public EarlyStoppingState? EarlyStopping { get; init; }
}

/// <summary>What early stopping has seen so far.</summary>
public sealed record EarlyStoppingState
{
    /// <summary>The best value of the watched metric.</summary>
    public required double BestMetric { get; init; }

    /// <summary>The loss that came with it, which decides between equal metrics; NaN where none did.</summary>
    public double BestLoss { get; init; } = double.NaN;

    /// <summary>The epoch it was reached in, counted from 0.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Evaluations since then without a better one, 0 or more.</summary>
    public required int EpochsWithoutImprovement { get; init; }
}

/// <summary>What recovery from failed steps has seen and done so far.</summary>
public sealed record RecoveryState
{
    /// <summary>Steps skipped or rolled back so far, 0 or more.</summary>
    public int Count { get; init; }

    /// <summary>Factor of the learning rate, above 0 and at most 1.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Moving mean of the loss of the steps, without correction for its start.</summary>
    public double MeanLoss { get; init; }

    /// <summary>Steps that went into <see cref="MeanLoss"/>, 0 or more.</summary>
    public long Observed { get; init; }

    /// <summary>Step of the rollback point, or null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PointStep { get; init; }
}
