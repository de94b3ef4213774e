using Thalweg.Layers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Holds the running statistics of batch normalizations that the optimizer's <see cref="Freeze"/> rules freeze.</summary>
internal static class FrozenStatistics
{
    /// <summary>Tells each batch normalization of a network whether the rules of a run freeze it.</summary>
    /// <param name="module">The network.</param>
    /// <param name="options">How the run trains.</param>
    public static void Hold(Module module, TrainerOptions options)
    {
        string[] patterns = options.Minimizer is null ? [.. options.Optimizer.OfType<Freeze>().Select(rule => rule.Names)] : [];
        foreach (BatchNorm layer in BatchNorm.AllOf(module))
        {
            layer.IsHeldByRule = false;
        }

        Hold(module, "", patterns);
    }

    private static void Hold(Module module, string path, string[] patterns)
    {
        if (module is BatchNorm layer)
        {
            bool Matches(string name) => patterns.Any(pattern => NamePattern.Matches(pattern, path + name));
            string[] parameters = [.. layer.NamedParameters().Select(p => p.Name)];
            layer.IsHeldByRule |= (parameters.Length > 0 && parameters.All(Matches)) || layer.NamedBuffers().Any(b => Matches(b.Name));
        }

        foreach ((string name, Module part) in module.Modules)
        {
            Hold(part, $"{path}{name}.", patterns);
        }
    }
}
