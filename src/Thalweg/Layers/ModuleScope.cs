namespace Thalweg.Layers;

/// <summary>A stretch of code that belongs to a module in a <see cref="Recording"/>; costs nothing where none is on.</summary>
public readonly ref struct ModuleScope
{
    [ThreadStatic]
    private static Module? t_current;

    private readonly LayerScope _layer;
    private readonly Module? _before;
    private readonly bool _isOn;

    private ModuleScope(Module module, LayerScope layer)
    {
        _layer = layer;
        (_before, _isOn) = (t_current, true);
        t_current = module;
    }

    /// <summary>Goes back to the module around it.</summary>
    public void Dispose()
    {
        if (_isOn)
        {
            t_current = _before;
            _layer.Dispose();
        }
    }

    /// <summary>Enters a module: under its name in the module around it, or its type where it is no registered part.</summary>
    internal static ModuleScope Enter(Module module) => !Recording.IsActive ? default
        : t_current is null || t_current == module ? new(module, default)
        : new(module, Recording.Scope(t_current.NameOf(module) ?? module.GetType().Name));

    /// <summary>Makes a module the one around what follows, without a name of its own.</summary>
    internal static ModuleScope Within(Module module) => Recording.IsActive ? new(module, default) : default;
}
