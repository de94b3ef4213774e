using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>Finds where a NaN or an infinity first appeared.</summary>
internal static class NonFiniteFinder
{
    /// <summary>One line: where, and what to try.</summary>
    /// <param name="module">The network, in the state in which the loss failed.</param>
    /// <param name="x">The batch.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="at">Step of the run, from 0, and the number that names its random streams.</param>
    public static string Explain(Module module, Tensor x, ParameterVector parameters, (long Step, long Place) at)
    {
        string location = Find(module, x, parameters, at.Place);
        return $"[train] the loss became NaN or infinite at step {at.Step}: {location}; "
            + "try a learning rate ten times smaller, clipping (ClipByGlobalNorm), or another initialization; the last good weights are kept";
    }

    private static string Find(Module module, Tensor x, ParameterVector parameters, long step)
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
        return FirstLayer(module, x, "", step) is { } layer
            ? $"it first appears in the output of layer {layer}"
            : "every layer's output is finite, the loss itself overflows";
    }

    /// <summary>The innermost module, in order, whose output is the first that is not finite.</summary>
    private static string? FirstLayer(Module module, Tensor x, string path, long step)
    {
        if (module is Sequential)
        {
            foreach ((string name, Module part) in module.Modules)
            {
                Tensor y = Again(part, x, step);
                if (!y.IsAllFinite())
                {
                    return FirstLayer(part, x, path + name + ".", step) ?? $"'{path}{name}' ({part.GetType().Name})";
                }

                x = y;
            }
        }

        return null;
    }

    /// <summary>The output of the step, in a context of its own: what a part draws first is what it drew in the step.</summary>
    private static Tensor Again(Module part, Tensor x, long step)
    {
        using ForwardScope context = ForwardContext.Begin(new ForwardOptions { IsTraining = true, Step = step, IsRepeat = true });
        return part.Forward(x);
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
