using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A dense block: each part sees the input and the results of all parts before it, side by side, and so does who comes after the
/// block.</summary>
/// <remarks>Input <c>[batch, channels, ...]</c>, output the input and all results along the channels. A part that takes n channels and
/// gives k is followed by one
/// that takes n + k. Source: Huang and others, CVPR 2017, equation 2.</remarks>
public sealed class DenseBlock : Module
{
    /// <summary>Makes the block, with channels along axis 1.</summary>
    /// <param name="modules">The parts in order; named 0, 1, 2, ...</param>
    public DenseBlock(params ReadOnlySpan<Module> modules)
        : this(1, modules)
    {
    }

    /// <summary>Makes the block.</summary>
    /// <param name="axis">Axis of the channels, from -Rank to Rank - 1.</param>
    /// <param name="modules">The parts in order; named 0, 1, 2, ...</param>
    public DenseBlock(int axis, params ReadOnlySpan<Module> modules)
    {
        Axis = axis;
        for (int i = 0; i < modules.Length; i++)
        {
            AddModule(i.ToString(), modules[i]);
        }
    }

    /// <summary>Axis of the channels.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">A part refuses its input, or changes another axis than that of the channels; the message
    /// ends with the part.</exception>
    protected override Tensor ForwardCore(Tensor x)
    {
        for (int i = 0; i < Modules.Count; i++)
        {
            Module part = Modules[i].Module;
            Tensor y = ForwardPart(part, x);
            try
            {
                x = Tensor.Concatenate(Axis, x, y);
            }
            catch (ThalwegException error)
            {
                throw InPart(Modules[i].Name, part, error);
            }
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
        ["type"] = "dense_block",
        ["axis"] = Axis,
        ["layers"] = new JsonArray([.. Modules.Select(m => (JsonNode)m.Module.Describe())]),
    };
}
