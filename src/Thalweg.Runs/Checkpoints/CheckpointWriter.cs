using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Saves checkpoints in the background, one at a time: the state is copied between two steps, and written while the run
/// continues.</summary>
/// <param name="store">Where they go.</param>
/// <param name="keep">Last checkpoints to keep.</param>
internal sealed class CheckpointWriter(CheckpointStore store, int keep)
{
    private readonly TrainingSnapshot _snapshot = new();
    private Task<CheckpointOutcome>? _writing;
    private int _bestSaved = -1;

    /// <summary>Whether a checkpoint is on its way.</summary>
    public bool IsBusy => _writing is { IsCompleted: false };

    /// <summary>The outcome of a checkpoint that has been written, once; null where there is none.</summary>
    public CheckpointOutcome? Poll() => _writing is { IsCompleted: true } ? Wait() : null;

    /// <summary>Waits for the checkpoint that is on its way; null where there is none.</summary>
    public CheckpointOutcome? Wait()
    {
        CheckpointOutcome? outcome = _writing?.GetAwaiter().GetResult();
        _writing = null;
        if (outcome is { Failure: null })
            _bestSaved = outcome.BestEpoch;
        return outcome;
    }

    /// <summary>Copies the state and begins to write it; <see cref="IsBusy"/> must be false, and the last outcome taken.</summary>
    /// <param name="trainer">The run, between two steps.</param>
    /// <param name="notes">Gives the texts to save with it; called in the background, before the file is written.</param>
    public void Begin(Trainer trainer, Func<IReadOnlyDictionary<string, string>> notes)
    {
        _snapshot.Take(trainer);
        bool isBest = _snapshot.BestEpoch != _bestSaved && _snapshot.BestEpoch >= 0;
        _writing = Task.Run(() => Save(isBest, notes));
    }

    private CheckpointOutcome Save(bool isBest, Func<IReadOnlyDictionary<string, string>> notes)
    {
        CheckpointOutcome outcome = new(_snapshot.CompletedEpochs, _snapshot.Step, _snapshot.BestEpoch, null);
        try
        {
            _snapshot.Save(store.PathOf(outcome, isBest), notes());
            store.Prune(keep);
            return outcome;
        }
        catch (Exception error) when (error is ThalwegException or IOException or UnauthorizedAccessException)
        {
            _snapshot.Release();
            return outcome with { Failure = error.Message };
        }
    }
}

/// <summary>What became of a checkpoint.</summary>
/// <param name="Epoch">Epochs that were over.</param>
/// <param name="Step">Steps that were taken.</param>
/// <param name="BestEpoch">Best epoch so far, from 0; -1 for none.</param>
/// <param name="Failure">Why it was not saved; null where it was.</param>
internal sealed record CheckpointOutcome(int Epoch, long Step, int BestEpoch, string? Failure);
