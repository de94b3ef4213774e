using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Modules one after the other.</summary>
public sealed class Sequential : Module
{
    /// <summary>Makes a chain of modules.</summary>
    /// <param name="modules">The modules in order; named 0, 1, 2, ...</param>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        for (int i = 0; i < modules.Length; i++)
        {
            AddModule(i.ToString(), modules[i]);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        for (int i = 0; i < Modules.Count; i++)
        {
            x = Modules[i].Module.Forward(x);
        }

        return x;
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "sequential",
        ["layers"] = new JsonArray([.. Modules.Select(m => (JsonNode)m.Module.Describe())]),
    };
}
