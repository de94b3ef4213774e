using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Thalweg.Layers;

/// <summary>Finds modules that another one holds in a field without having registered them with <see cref="Module.AddModule"/>, so that the
/// error for their missing parameters can name the field.</summary>
/// <remarks>A module may hold another one on purpose, such as a teacher that is not trained, so holding one is no
/// error by itself.</remarks>
internal static class UnregisteredParts
{
    /// <summary>Looks through a network, and notes at each module that is no part where it is held.</summary>
    /// <param name="network">The network.</param>
    public static void Find(Module network)
    {
        HashSet<Module> parts = [];
        Collect(network, parts);
        foreach (Module holder in parts)
        {
            // The project's own layers register their parts.
            if (holder.GetType().Assembly != typeof(Module).Assembly)
                Find(holder, parts);
        }
    }

    private static void Collect(Module module, HashSet<Module> parts)
    {
        if (parts.Add(module))
        {
            foreach ((_, Module part) in module.Modules)
                Collect(part, parts);
        }
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "A field that was trimmed away is missing in an error message, and nowhere else.")]
    private static void Find(Module holder, HashSet<Module> parts)
    {
        for (Type type = holder.GetType(); type != typeof(Module) && type.BaseType is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                foreach (Module held in ModulesIn(field.GetValue(holder)).Where(held => !parts.Contains(held)))
                    Note(held, $"{NameOf(field)} of {type.Name}", parts);
            }
        }
    }

    private static IEnumerable<Module> ModulesIn(object? value) => value switch
    {
        Module module => [module],
        IDictionary dictionary => dictionary.Values.OfType<Module>(),
        ICollection collection => collection.OfType<Module>(),
        _ => [],
    };

    private static void Note(Module held, string location, HashSet<Module> parts)
    {
        held.HeldIn = location;
        foreach ((_, Module part) in held.Modules)
        {
            if (!parts.Contains(part))
                Note(part, location, parts);
        }
    }

    /// <summary>A property's field has the property's name between angle brackets, a captured parameter's its own.</summary>
    private static string NameOf(FieldInfo field)
    {
        string name = field.Name;
        int end = name.IndexOf('>', StringComparison.Ordinal);
        return name[0] != '<' || end < 0 ? $"field '{name}'"
            : name.EndsWith("k__BackingField", StringComparison.Ordinal) ? $"property '{name[1..end]}'"
            : $"constructor parameter '{name[1..end]}'";
    }
}
