using Thalweg.Checkpoints;
using Thalweg.Models;

namespace Thalweg.Training;

/// <summary>A copy of where a run stands, in memory of its own, which another thread can save while the run continues.</summary>
/// <remarks>The memory is used again by the next <see cref="Take"/>. The copy of the best weights is taken again only when they have
/// changed; where it lies in a file it is not copied, and a new best epoch waits until <see cref="Save"/> or <see cref="Release"/> is
/// done.</remarks>
public sealed class TrainingSnapshot
{
    private readonly Dictionary<string, Tensor> _copies = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private TrainingDocument? _document;
    private BestWeights? _keeper;
    private long _version = -1;
    private bool _isReading;

    /// <summary>Completed steps of the run at the copy; -1 before the first.</summary>
    public long Step => _document?.Step ?? -1;

    /// <summary>Epochs that were over at the copy, their evaluation included.</summary>
    public int CompletedEpochs => _document?.CompletedEpochs ?? 0;

    /// <summary>The best epoch at the copy, from 0; -1 where there was none.</summary>
    public int BestEpoch => _document?.EarlyStopping?.BestEpoch ?? -1;

    /// <summary>Copies where the run stands.</summary>
    /// <param name="trainer">The run, between two steps.</param>
    public void Take(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Release();
        using PoolSwitch outside = StepMemory.Leave();
        _keeper = trainer.BestWeights;
        _document = TrainingCheckpoint.Describe(trainer);
        _names.Clear();
        foreach ((string name, Tensor tensor) in TrainingCheckpoint.Tensors(trainer))
            Copy(name, tensor);
        bool isNewBest = _version != _keeper.Version;
        foreach ((string name, Tensor tensor) in _keeper.Tensors())
        {
            if (isNewBest)
                Copy(TrainingFile.Best(name), tensor);
            else
                _names.Add(TrainingFile.Best(name));
        }

        _version = _keeper.Version;
        if (_keeper.IsInFile)
        {
            _keeper.BeginRead();
            _isReading = true;
        }
    }

    /// <summary>Saves the copy, whole or not at all, on any thread; once for each <see cref="Take"/>.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="notes">Texts to save with the state, by name; default none.</param>
    /// <exception cref="ThalwegException">Nothing was taken, or the file cannot be written: what was there is untouched.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? notes = null)
    {
        if (_document is null || _keeper is null)
            throw new ThalwegException("[checkpoint] expected a snapshot that was taken, got an empty one; call Take first");
        try
        {
            SafetensorsWriter writer = new();
            writer.SetMetadata(ModuleState.LayoutName, ModuleState.LayoutText);
            foreach (string name in _names)
                ModuleState.Add(writer, name, _copies[name]);
            _keeper.WriteFile(writer, TrainingFile.Best);
            TrainingFile.AddNotes(writer, notes);
            TrainingFile.Save(path, _document, writer);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Gives a copy up that is not to be saved.</summary>
    public void Release()
    {
        if (!_isReading)
            return;
        _isReading = false;
        _keeper!.EndRead();
    }

    private void Copy(string name, Tensor tensor)
    {
        _names.Add(name);
        if (_copies.TryGetValue(name, out Tensor? copy) && copy.DType == tensor.DType && copy.Shape.Equals(tensor.Shape))
            copy.Assign(tensor);
        else
            _copies[name] = tensor.Clone();
    }
}
