using System.Text.Json.Serialization;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>Where a run stands after a step; see <see cref="Trainer.StepEnded"/>.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Step of the run, from 0.</param>
/// <param name="StepInEpoch">Step of the epoch, from 0.</param>
/// <param name="StepsPerEpoch">Steps that an epoch takes.</param>
/// <param name="Samples">Samples of the epoch seen so far.</param>
/// <param name="Loss">Mean loss of the batch, before the update.</param>
/// <param name="EpochLoss">Mean loss of the epoch so far.</param>
public readonly record struct StepReport(
    int Epoch, long Step, int StepInEpoch, int StepsPerEpoch, int Samples, double Loss, double EpochLoss)
{
    /// <summary>Learning rate of the last update, reductions on a plateau included; NaN where the method has none.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Updates that the run has made so far: fewer than gradients where <see cref="Rules.Accumulate"/> or
    /// <see cref="Rules.SkipNonFinite"/> hold some back.</summary>
    public long Updates { get; init; }

    /// <summary>Gradients that the method has been given so far: one for each step, or as many as the searches of a minimizer
    /// took.</summary>
    public long Gradients { get; init; }
}

/// <summary>Result of an epoch; see <see cref="Trainer.EpochEnded"/>.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Training">Loss and metric over the epoch's batches, each before its update; of a resumed epoch too over all of
/// them.</param>
/// <param name="Validation">Loss and metric on the validation data after the epoch; NaN in an epoch that was not evaluated, see
/// <see cref="IsEvaluated"/>.</param>
/// <param name="IsBest">Whether it is the best epoch so far.</param>
/// <param name="LearningRate">Learning rate of the last update, reductions on a plateau included, or NaN where the chain has
/// none.</param>
/// <param name="Seconds">Time of the epoch's training in seconds, validation not included.</param>
public sealed record EpochReport(int Epoch, Evaluation Training, Evaluation Validation, bool IsBest, double LearningRate, double Seconds)
{
    /// <summary>Whether the epoch was evaluated on the validation data; see <see cref="TrainerOptions.EvaluateEvery"/>.</summary>
    [JsonIgnore]
    public bool IsEvaluated => Validation.Samples > 0;
}

/// <summary>Why a run ended.</summary>
public enum EndReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation metric stopped improving.</summary>
    EarlyStopping,

    /// <summary>The minimizer says that no further step would change anything; see <see cref="TrainingReport.Note"/>.</summary>
    Converged,

    /// <summary>The caller interrupted it, by the cancellation token or by leaving <see cref="Trainer.Steps"/>: it can continue
    /// exactly.</summary>
    Cancelled,

    /// <summary>The loss became NaN or infinite.</summary>
    NonFinite,

    /// <summary>An observer or a handler asked for it: see <see cref="Trainer.RequestStop"/>, and <see cref="TrainingReport.Note"/> for
    /// why.</summary>
    Requested,

    /// <summary>It has made as many steps as it may: see <see cref="TrainerOptions.MaxSteps"/>.</summary>
    StepLimit,

    /// <summary>It has taken as long as it may: see <see cref="TrainerOptions.MaxTime"/>.</summary>
    TimeLimit,

    /// <summary>An exception, which the caller of the run gets; <see cref="TrainingReport.Failure"/> has its message.</summary>
    Failed,
}

/// <summary>Result of a run.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Epochs">One report per finished epoch, evaluated or not.</param>
/// <param name="BestEpoch">Epoch with the best validation metric, from 0; -1 where none was finished.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Seconds">Time in seconds, validation included.</param>
/// <param name="Failure">What went wrong and what to try, where the reason is <see cref="EndReason.NonFinite"/> or
/// <see cref="EndReason.Failed"/>; else null.</param>
public sealed record TrainingReport(
    EndReason Reason, IReadOnlyList<EpochReport> Epochs, int BestEpoch, long Steps, double Seconds, string? Failure)
{
    /// <summary>What a minimizer said at the end, where the reason is <see cref="EndReason.Converged"/>, or the reason given to
    /// <see cref="Trainer.RequestStop"/>, where it is <see cref="EndReason.Requested"/>; else null.</summary>
    public string? Note { get; init; }

    /// <summary>Epoch whose weights the network holds, from 0: the best one, or the last where <see cref="TrainerOptions.RestoreBest"/> is
    /// false; -1 where they are those of the start, or of a run that ended within an epoch.</summary>
    public int KeptEpoch { get; init; } = -1;

    /// <summary>The best epoch, or null where none was finished.</summary>
    public EpochReport? Best => Epochs.FirstOrDefault(e => e.Epoch == BestEpoch);

    /// <summary>The epoch whose weights the network holds, with their figures; null where <see cref="KeptEpoch"/> is -1, or the epoch was
    /// before the run was resumed.</summary>
    public EpochReport? Kept => Epochs.FirstOrDefault(e => e.Epoch == KeptEpoch);
}
