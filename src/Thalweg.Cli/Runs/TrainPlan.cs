using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>What a run starts from.</summary>
/// <param name="Settings">The options.</param>
/// <param name="Directory">Where it is saved.</param>
/// <param name="Record">What it has brought so far, where it goes on; else null.</param>
/// <param name="OpensTest">Whether it ends with a reading of the test data.</param>
internal sealed record RunStart(TrainSettings Settings, RunDirectory Directory, RunRecord? Record, bool OpensTest);

/// <summary>What a run is about to do, for the printers.</summary>
internal sealed record TrainPlan
{
    public required TrainSettings Settings { get; init; }

    public required DataDescription Data { get; init; }

    public required DataSplit Split { get; init; }

    public required Sequential Network { get; init; }

    /// <summary>The rules that run, in a form that <c>--optimizer</c> reads.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The optimizer by its name, with its settings; the rules where a chain was asked for.</summary>
    public required string OptimizerName { get; init; }

    public required Loss Loss { get; init; }

    /// <summary>What was done to the starting weights, one sentence each.</summary>
    public required IReadOnlyList<string> Start { get; init; }

    /// <summary>What is probably not as it was meant, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required RunDirectory Directory { get; init; }

    public required int StepsPerEpoch { get; init; }

    public required long TotalSteps { get; init; }

    /// <summary>Samples of each step, in words.</summary>
    public required string Batch { get; init; }

    /// <summary>How many samples an update looks at.</summary>
    public required DescentMode Mode { get; init; }

    /// <summary>The epoch that comes next, from 0.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>Steps that were taken before, where the run goes on; else 0.</summary>
    public required long FirstStep { get; init; }
}

/// <summary>What a run has brought, for the printers.</summary>
internal sealed record TrainOutcome
{
    public required EndReason Reason { get; init; }

    /// <summary>The epochs, those before a resumption included.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch with the best validation figure; null where none was evaluated.</summary>
    public required EpochReport? Best { get; init; }

    /// <summary>The epoch whose weights the model holds; null where they are those of the start.</summary>
    public required EpochReport? Kept { get; init; }

    /// <summary>Number of epochs that are over.</summary>
    public int EpochCount => Epochs.Count == 0 ? 0 : Epochs[^1].Epoch + 1;

    public required long Steps { get; init; }

    public required double Seconds { get; init; }

    /// <summary>What the trivial answer scores on the validation data.</summary>
    public required double Trivial { get; init; }

    /// <summary>What a linear model scores on the validation data; null where the network is one, or the data are no small table.</summary>
    public Evaluation? Linear { get; init; }

    /// <summary>What the trivial answer scores on the test data; null where they were not read.</summary>
    public required double? TrivialOnTest { get; init; }

    /// <summary>What the figures give reason to doubt, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Figures on the test data; null where they were not read.</summary>
    public required Evaluation? Test { get; init; }

    /// <summary>How often the test data have been read, by all runs and evaluations of this folder.</summary>
    public required int TestReads { get; init; }

    public required string? Failure { get; init; }

    /// <summary>Why a minimizer ended the run, in its own words; else null.</summary>
    public string? Note { get; init; }
}
