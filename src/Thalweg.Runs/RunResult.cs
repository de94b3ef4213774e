using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Result of a run.</summary>
public sealed record RunResult
{
    /// <summary>Why it ended.</summary>
    public required EndReason Reason { get; init; }

    /// <summary>The network with the weights that were kept, as it was saved.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>Where it was saved.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>The epochs, those before a resumption included.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch with the best validation figure; null where none was evaluated.</summary>
    public required EpochReport? Best { get; init; }

    /// <summary>The epoch whose weights the model holds; null where they are those of the start.</summary>
    public required EpochReport? Kept { get; init; }

    /// <summary>Number of epochs that are over.</summary>
    public int EpochCount => Epochs.Count == 0 ? 0 : Epochs[^1].Epoch + 1;

    /// <summary>Steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Time of training in seconds, that before a resumption included.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the trivial answer scores on the validation data.</summary>
    public required double Trivial { get; init; }

    /// <summary>What a linear model scores on the validation data; null where the network is one, or the data are no small table.</summary>
    public Evaluation? Linear { get; init; }

    /// <summary>What the trivial answer scores on the test data; null where they were not read.</summary>
    public double? TrivialOnTest { get; init; }

    /// <summary>What the figures give reason to doubt, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Figures on the test data; null where they were not read.</summary>
    public Evaluation? Test { get; init; }

    /// <summary>Figures on the validation data with intervals, the trivial answer, classes, confusion, calibration and residuals; null where
    /// there are none, or the network has several outputs.</summary>
    public EvaluationReport? ValidationReport { get; init; }

    /// <summary>The same on the test data; null where they were not read.</summary>
    public EvaluationReport? TestReport { get; init; }

    /// <summary>How often the test data have been read, by all runs and evaluations of this folder.</summary>
    public required int TestReads { get; init; }

    /// <summary>How many models have been judged on these test rows, by all runs that the ledger knows; null where they were not
    /// read.</summary>
    public TestReuse? TestReuse { get; init; }

    /// <summary>Why the index does not have the run; null where it does, or there is none.</summary>
    public string? IndexNote { get; init; }

    /// <summary>What went wrong and what to try, where the loss became NaN or infinite; else null.</summary>
    public string? Failure { get; init; }

    /// <summary>Why a minimizer or an observer ended the run, in its own words; else null.</summary>
    public string? Note { get; init; }
}
