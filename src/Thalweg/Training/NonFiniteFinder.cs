using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>Finds where a NaN or an infinity first appeared.</summary>
internal static class NonFiniteFinder
{
    /// <summary>One line: where, and what to try.</summary>
    /// <param name="module">The network, in the state in which the loss failed.</param>
    /// <param name="x">The batch.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="step">Step of the run, from 0.</param>
    public static string Explain(Module module, Tensor x, ParameterVector parameters, long step)
    {
        string place = Find(module, x, parameters);
        return $"[train] the loss became NaN or infinite at step {step}: {place}; "
            + "try a learning rate ten times smaller, clipping (ClipByGlobalNorm), or another initialization; the last good weights are kept";
    }

    private static string Find(Module module, Tensor x, ParameterVector parameters)
    {
        if (!x.IsAllFinite())
        {
            return "the input features of the batch hold NaN or infinity";
        }

        if (parameters.FirstNonFinite() is { } name)
        {
            return $"the last update made parameter '{name}' of layer {LayerOf(module, name)} NaN or infinite";
        }

        using NoGrad silence = NoGrad.Begin();
        return FirstLayer(module, x, "") is { } layer
            ? $"it first appears in the output of layer {layer}"
            : "every layer's output is finite, the loss itself overflows";
    }

    /// <summary>The innermost module, in order, whose output is the first that is not finite.</summary>
    private static string? FirstLayer(Module module, Tensor x, string path)
    {
        if (module is Sequential)
        {
            foreach ((string name, Module part) in module.Modules)
            {
                Tensor y = part.Forward(x);
                if (!y.IsAllFinite())
                {
                    return FirstLayer(part, x, path + name + ".") ?? $"'{path}{name}' ({part.GetType().Name})";
                }

                x = y;
            }
        }

        return null;
    }

    private static string LayerOf(Module module, string parameter)
    {
        string path = parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
        Module? part = module;
        foreach (string name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            part = part?.Modules.FirstOrDefault(m => m.Name == name).Module;
        }

        return $"'{path}' ({(part ?? module).GetType().Name})";
    }
}
