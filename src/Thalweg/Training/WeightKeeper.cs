using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>A copy of good weights and buffers to come back to; at first those of the start.</summary>
internal sealed class WeightKeeper
{
    private readonly ParameterVector _parameters;
    private readonly (string Name, Tensor Buffer, Tensor Copy)[] _buffers;

    public WeightKeeper(Module module, ParameterVector parameters)
    {
        _parameters = parameters;
        Values = parameters.Values.Keep();
        _buffers = [.. module.NamedBuffers().Select(b => (b.Name, b.Value, b.Value.Keep()))];
    }

    /// <summary>The weights kept, as a flat vector.</summary>
    public Tensor Values { get; }

    /// <summary>The copy with names: the flat vector as <c>parameters</c>, and each buffer.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors() => _buffers.Select(b => (b.Name, b.Copy)).Prepend(("parameters", Values));

    /// <summary>Takes a copy of what the network holds now.</summary>
    public void Keep()
    {
        Values.Assign(_parameters.Values);
        foreach ((_, Tensor buffer, Tensor copy) in _buffers)
        {
            copy.Assign(buffer);
        }
    }

    /// <summary>Puts the copy back into the network.</summary>
    public void Restore()
    {
        _parameters.Values.Assign(Values);
        foreach ((_, Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.Assign(copy);
        }
    }
}
