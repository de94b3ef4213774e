using Thalweg.Cli.Runs;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Cli.Printing;

/// <summary>The network of a run in words: its layers, and how their weights start.</summary>
internal static class StartText
{
    /// <summary>Layers that are told one by one; of more, the rest are counted.</summary>
    private const int MostLayers = 12;

    /// <summary>The network in one line.</summary>
    public static string Network(TrainPlan plan) =>
        $"{Form(plan.Settings)}, {Figures.Count(plan.Network.ParameterCount)} parameters, {plan.Settings.Precision}";

    /// <summary>How the weights of each layer start, and why.</summary>
    public static IReadOnlyList<string> Weights(TrainPlan plan)
    {
        (string Name, Parameter Parameter)[] weights =
            [.. plan.Network.NamedParameters().Where(item => item.Parameter.Role == ParameterRole.Weight)];
        return [.. weights.Select((item, i) => Weight(plan.Settings, item.Name, item.Parameter, i == weights.Length - 1))];
    }

    /// <summary>The same for people, not more lines than can be taken in.</summary>
    public static IEnumerable<string> FirstWeights(TrainPlan plan)
    {
        IReadOnlyList<string> all = Weights(plan);
        return all.Count <= MostLayers
            ? all
            : [.. all.Take(MostLayers - 2), $"... {all.Count - MostLayers + 1} more, all listed with --json", all[^1]];
    }

    private static string Form(TrainSettings settings)
    {
        List<string> words = [];
        if (NetworkSpec.Parse(settings.Model).HasHiddenLayers)
        {
            words.Add(settings.Activation);
            if (NormalizationText.Words(settings.Norm) is { Length: > 0 } norm)
                words.Add(norm);
            if (settings.Dropout > 0)
                words.Add(FormattableString.Invariant($"{Kind(settings.DropoutKind)}dropout {settings.Dropout}"));
            if (settings.DropPath > 0)
                words.Add(FormattableString.Invariant($"stochastic depth {settings.DropPath}"));
        }

        if (settings.OutputActivation is { } output and not "none")
            words.Add($"{output} of the outputs");
        return words.Count == 0 ? settings.Model : $"{settings.Model} {string.Join(", ", words)}";
    }

    private static string Kind(string? dropout) => dropout is null or "standard" ? "" : $"{dropout} ";

    private static string Weight(TrainSettings settings, string name, Parameter weight, bool isLast)
    {
        int[] shape = weight.Shape.ToArray();
        string sizes = shape.Length switch
        {
            2 => $"{shape[0]} -> {shape[1]}",
            > 2 => $"{shape[1]} -> {shape[0]}, window {string.Join(" x ", shape[2..])}",
            _ => weight.Shape.ToString(),
        };
        string reason = settings.Initializer is not null ? " (--init changes that)"
            : !isLast ? $", the default for {settings.Activation}"
            : settings.OutputActivation is { } output and not ("none" or "softmax" or "log_softmax") ? $", the default for {output}"
            : ", the default of a layer without activation";
        string layer = name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name;
        return $"layer {layer} ({sizes}): {weight.Initializer}{reason}";
    }
}
