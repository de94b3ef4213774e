using System.IO.Enumeration;

namespace Thalweg.Layers;

/// <content>Parts by name: found, frozen, replaced.</content>
public abstract partial class Module
{
    /// <summary>All parts with their full names, such as <c>0.1</c>, each before its own parts.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() =>
        _modules.SelectMany(part => part.Module.NamedModules().Select(inner => ($"{part.Name}.{inner.Name}", inner.Module)).Prepend(part));

    /// <summary>The part with a full name.</summary>
    /// <param name="name">The name, such as <c>0.1</c>.</param>
    /// <exception cref="ThalwegException">There is no such part: the message names the nearest.</exception>
    public Module Part(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NamedModules().FirstOrDefault(part => part.Name == name).Module ?? throw NoPart(name);
    }

    /// <summary>Holds the parts with some names as <see cref="Freeze()"/> does.</summary>
    /// <param name="names">A full name, such as <c>0</c> or <c>body.1</c>, in which <c>*</c> stands for any letters and <c>?</c> for
    /// one.</param>
    /// <exception cref="ThalwegException">No part has such a name: the message names the nearest.</exception>
    public void Freeze(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Module[] chosen = [.. NamedModules()
            .Where(part => FileSystemName.MatchesSimpleExpression(names, part.Name, ignoreCase: false)).Select(part => part.Module)];
        if (chosen.Length == 0)
            throw NoPart(names);
        Array.ForEach(chosen, part => part.Freeze());
    }

    /// <summary>Puts another module in the place of a part; all other parts keep their weights. Call it before the trainer is made.</summary>
    /// <remarks>A new module without weights gets its starting values by <see cref="InitializeMissing"/>, or from the trainer; one that
    /// has weights keeps them. It can be trained also where <see cref="Freeze()"/> holds the network.</remarks>
    /// <param name="name">Full name of the part, such as <c>2</c> or <c>0.1</c>.</param>
    /// <param name="module">The module that replaces it; takes and gives the shapes that its neighbors ask for.</param>
    /// <returns>The part that was there.</returns>
    /// <exception cref="ThalwegException">There is no such part, or the module that holds it cannot exchange it.</exception>
    public Module Replace(string name, Module module)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(module);
        int dot = name.LastIndexOf('.');
        if (dot >= 0)
            return Part(name[..dot]).Replace(name[(dot + 1)..], module);
        int index = _modules.FindIndex(part => part.Name == name);
        if (index < 0)
            throw NoPart(name);
        if (module == this || module.NamedModules().Any(part => part.Module == this))
        {
            throw new ThalwegException($"[{GetType().Name}] expected another module for part '{name}', got one that holds this one; "
                + "a network cannot be part of itself");
        }

        Module replaced = _modules[index].Module;
        OnReplacing(name, module);
        _modules[index] = (name, module);
        return replaced;
    }

    /// <summary>Puts another module in the place of the last part that has parameters, as <see cref="Replace"/> does; in a
    /// <see cref="Sequential"/> within a <see cref="Sequential"/> that of the inner one.</summary>
    /// <param name="head">The module that replaces it, such as a <see cref="Dense"/> layer with as many outputs as a new task has
    /// classes.</param>
    /// <returns>The part that was there.</returns>
    /// <exception cref="ThalwegException">There is no part with parameters, or the module cannot exchange it.</exception>
    public Module ReplaceHead(Module head)
    {
        ArgumentNullException.ThrowIfNull(head);
        (string name, Module? last) = _modules.LastOrDefault(part => part.Module.NamedParameters().Any());
        return last is null
            ? throw new ThalwegException(
                $"[{GetType().Name}] expected a part with parameters to replace, got none; name the part with Replace(name, module)")
            : last is Sequential inner ? inner.ReplaceHead(head) : Replace(name, head);
    }

    /// <summary>Called before <see cref="Replace"/> exchanges a part. A custom module that holds its parts in fields overrides it and
    /// sets the field; by default the exchange is refused.</summary>
    /// <param name="name">Name of the part within this module.</param>
    /// <param name="module">The module that will be there.</param>
    /// <exception cref="ThalwegException">The module cannot exchange the part.</exception>
    protected virtual void OnReplacing(string name, Module module) => throw new ThalwegException(
        $"[{GetType().Name}] expected a module that can exchange its parts, such as Sequential, got one that holds '{name}' in a field; "
        + "override OnReplacing there and set the field, or replace the whole module");

    private ThalwegException NoPart(string name)
    {
        string[] known = [.. NamedModules().Select(part => part.Name)];
        return new($"[{GetType().Name}] expected the name of a part, got '{name}'; "
            + (known.Length == 0 ? "the module has no parts" : NearestName.Advice(name, known)));
    }
}
