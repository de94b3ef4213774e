using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>A copy of good weights and buffers to come back to; at first those of the start.</summary>
internal sealed class WeightKeeper
{
    private readonly ParameterVector _parameters;
    private readonly (Tensor Buffer, Tensor Copy)[] _buffers;

    public WeightKeeper(Module module, ParameterVector parameters)
    {
        _parameters = parameters;
        Values = parameters.Values.Keep();
        _buffers = [.. module.NamedBuffers().Select(b => (b.Value, b.Value.Keep()))];
    }

    /// <summary>The weights kept, as a flat vector.</summary>
    public Tensor Values { get; }

    /// <summary>Takes a copy of what the network holds now.</summary>
    public void Keep()
    {
        Values.Assign(_parameters.Values);
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            copy.Assign(buffer);
        }
    }

    /// <summary>Puts the copy back into the network.</summary>
    public void Restore()
    {
        _parameters.Values.Assign(Values);
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.Assign(copy);
        }
    }
}
