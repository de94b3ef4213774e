using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>A time in which a network runs as in training and then is as it was: its mode is put back, its running statistics do not move.</summary>
internal sealed class Rehearsal : IDisposable
{
    private readonly Module _module;
    private readonly bool _training;

    /// <summary>Begins it.</summary>
    /// <param name="module">The network, initialized.</param>
    public Rehearsal(Module module)
    {
        (_module, _training) = (module, module.IsTraining);
        module.SetTraining(true);
        module.SetRepeat(true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _module.SetTraining(_training);
        _module.SetRepeat(false);
    }
}
