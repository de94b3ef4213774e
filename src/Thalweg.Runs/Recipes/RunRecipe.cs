using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>How a run is kept safe: its checkpoints, and what it does about steps that fail.</summary>
public sealed record RunRecipe
{
    /// <summary>Time between checkpoints where nothing else is asked for.</summary>
    internal const string DefaultCheckpointEvery = "30s";

    /// <summary>Checkpoints that are kept where nothing else is asked for.</summary>
    internal const int DefaultKeptCheckpoints = 2;

    /// <summary>From one checkpoint to the next: <c>100steps</c>, <c>2epochs</c>, <c>30s</c>, <c>10min</c> or <c>2h</c>; default
    /// <c>30s</c>. The first one is saved at once, the last one at the end.</summary>
    public string? CheckpointEvery { get; init; }

    /// <summary>Last checkpoints that are kept, beside the first one that holds the best epoch; default 2. A finished run keeps its last one,
    /// from which it can be continued; with 0, none.</summary>
    [Field(Least = 0)]
    public int? KeepCheckpoints { get; init; }

    /// <summary>What is done about a loss that is NaN or infinite: <c>stop</c>, the default, <c>skip</c> the step, or <c>rollback</c> to a
    /// point at most 100 steps back with half the learning rate; at most 10 times in a run.</summary>
    public NonFiniteAction? OnNonFinite { get; init; }

    /// <summary>Loss of a step, as a multiple of its moving mean, above which the run rolls back; above 1; default never.</summary>
    [Field(Above = 1)]
    public double? SpikeFactor { get; init; }

    /// <summary>The same in the terms of the trainer.</summary>
    internal RecoveryOptions ToRecovery() => new() { OnNonFinite = OnNonFinite ?? NonFiniteAction.Stop, SpikeFactor = SpikeFactor };
}
