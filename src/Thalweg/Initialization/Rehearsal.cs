using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>A time in which a network runs as in training and then is as it was: mode and running statistics are put back.</summary>
internal sealed class Rehearsal : IDisposable
{
    private readonly Module _module;
    private readonly bool _training;
    private readonly List<(Tensor Buffer, Tensor Copy)> _buffers;

    /// <summary>Begins it.</summary>
    /// <param name="module">The network, initialized.</param>
    public Rehearsal(Module module)
    {
        (_module, _training) = (module, module.IsTraining);
        _buffers = [.. module.NamedBuffers().Select(b => (b.Value, b.Value.Keep()))];
        module.SetTraining(true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _module.SetTraining(_training);
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.Assign(copy);
        }
    }
}
