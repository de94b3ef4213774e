using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Modules one after the other.</summary>
/// <remarks>Input as the first module takes it, output as the last one gives it; parameters are those of the modules, named <c>0.weight</c>
/// and so on. A rectifier that follows a dense layer, a convolution or a batch normalization is applied by that layer as it writes its
/// results: write <c>new Sequential(new Conv2d(...), new BatchNorm2d(...), new ActivationLayer(Activation.Relu))</c> and nothing is lost
/// against a layer with an activation of its own. The results have the same bits either way.</remarks>
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
    /// <exception cref="ThalwegException">A layer refuses its input; the message ends with the layer.</exception>
    protected override Tensor ForwardCore(Tensor x) => ForwardCore(x, null);

    /// <inheritdoc/>
    /// <remarks>Each module is given the lengths, up to the one that removes the axis of time.</remarks>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths)
    {
        int i = 0;
        try
        {
            for (; i < Modules.Count; i++)
            {
                Module module = Modules[i].Module;
                if (i + 1 < Modules.Count && module is IFusesActivation layer && Modules[i + 1].Module is ActivationLayer next &&
                    layer.Fuses(next.Activation))
                {
                    using ModuleScope scope = ModuleScope.Enter(module);
                    x = layer.Forward(x, next.Activation);
                    i++;
                }
                else
                {
                    x = lengths is null ? module.Forward(x) : module.Forward(x, lengths);
                }
            }
        }
        catch (ThalwegException error)
        {
            throw InPart(Modules[i].Name, Modules[i].Module, error);
        }

        return x;
    }

    /// <inheritdoc/>
    protected override void OnReplacing(string name, Module module)
    {
        // The parts are used by their names alone.
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "sequential",
        ["layers"] = new JsonArray([.. Modules.Select(m => (JsonNode)m.Module.Describe())]),
    };

    /// <inheritdoc/>
    private protected override bool HasPositionInOrder => false;
}
