using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>The buffers of a network (statistics of normalizations, carried states) as they were before a step, so that a step that is given
/// up leaves no trace.</summary>
internal sealed class BufferCopy
{
    private readonly (Tensor Buffer, Tensor Copy)[] _buffers;
    private readonly BatchNorm[] _counters;
    private readonly long[] _counts;

    public BufferCopy(Module module)
    {
        _buffers = [.. module.NamedBuffers().Select(item => (item.Value, item.Value.Clone()))];
        _counters = [.. BatchNorm.AllOf(module).Distinct()];
        _counts = new long[_counters.Length];
    }

    /// <summary>Copies the buffers.</summary>
    public void Take()
    {
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            copy.Assign(buffer);
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = _counters[i].BatchesTracked;
        }
    }

    /// <summary>Puts the buffers back to where they were copied last.</summary>
    public void Restore()
    {
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.Assign(copy);
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counters[i].BatchesTracked = _counts[i];
        }
    }
}
