using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>How a run trains; every value has a default.</summary>
public sealed record TrainerOptions
{
    /// <summary>The optimizer: a named one or a chain of rules; default Adam with rate 1e-3.</summary>
    public Chain Optimizer { get; init; } = new Adam();

    /// <summary>Passes over the training data, 1 or more; default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Samples per step, from 1 to the size of the training data; default 64. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Epochs without improvement of the validation metric after which the run stops, 1 or more; 0 never stops early; default 5.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Whether the weights of the best epoch are put back at the end, unless the run is cancelled; default true.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>Names weights, order of samples and dropout masks: the same seed gives the same bits; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Refuses values out of range.</summary>
    /// <param name="trainingSamples">Number of training samples.</param>
    /// <exception cref="ThalwegException">A value is out of range.</exception>
    internal void Validate(int trainingSamples)
    {
        if (Epochs < 1)
        {
            throw new ThalwegException($"[train] expected 1 or more epochs, got {Epochs}");
        }

        if (BatchSize < 1 || BatchSize > trainingSamples)
        {
            throw new ThalwegException($"[train] expected a batch size from 1 to the {trainingSamples} training samples, got {BatchSize}; choose a smaller batch");
        }

        if (BatchSize < trainingSamples && Optimizer.FirstOrDefault(rule => rule.NeedsFullBatch) is { } rule)
        {
            throw new ThalwegException(
                $"[train] expected full batches of {trainingSamples} samples for {rule}, got {BatchSize}: it reads the sign of the gradient, which noise turns by chance; " +
                "train on full batches, or set allow_mini_batches=true");
        }

        if (Patience < 0)
        {
            throw new ThalwegException($"[train] expected a patience of 0 (never stop early) or more epochs, got {Patience}");
        }
    }
}
