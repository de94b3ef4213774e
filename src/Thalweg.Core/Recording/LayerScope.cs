namespace Thalweg;

/// <summary>A stretch of code whose operations belong to a layer of a network; see <see cref="Recording.Scope"/>.</summary>
public readonly ref struct LayerScope
{
    private readonly string? _before;
    private readonly bool _isOn;

    internal LayerScope(string? layer)
    {
        (_before, _isOn) = (Recording.Layer, true);
        Recording.Layer = layer;
    }

    /// <summary>Goes back to the layer around it.</summary>
    public void Dispose()
    {
        if (_isOn)
            Recording.Layer = _before;
    }
}
