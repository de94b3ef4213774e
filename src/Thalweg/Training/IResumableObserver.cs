namespace Thalweg.Training;

/// <summary>An observer whose memory is saved with a run and given back when the run is resumed, so that it says of a resumed run what it
/// says of one that never stopped.</summary>
public interface IResumableObserver : ITrainingObserver
{
    /// <summary>Name of the memory in a checkpoint: letters and underscores, of one kind of observer alone.</summary>
    string MemoryName { get; }

    /// <summary>All that it knows of the run, as text; called between two steps, on the training thread. Must not throw.</summary>
    string SaveMemory();

    /// <summary>Takes over what <see cref="SaveMemory"/> gave; called before <see cref="ITrainingObserver.RunStarted"/>. Must not throw: a
    /// memory that it cannot read leaves it without one.</summary>
    /// <param name="memory">The text.</param>
    void LoadMemory(string memory);
}
