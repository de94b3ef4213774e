using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>The network of a run in words: its layers, and how their weights start.</summary>
internal static class StartText
{
    /// <summary>Layers that are listed one by one; of more, the rest are counted.</summary>
    private const int MostLayers = 12;

    /// <summary>The network in one line.</summary>
    public static string Network(RunPlan plan) =>
        $"{Form(plan)}, {Figures.Count(plan.Network.ParameterCount)} parameters, {plan.Recipe.GetText("precision")}";

    /// <summary>How the weights of each layer start, and why.</summary>
    public static IReadOnlyList<string> Weights(RunPlan plan)
    {
        (string Name, Parameter Parameter)[] weights =
            [.. plan.Network.NamedParameters().Where(item => item.Parameter.Role == ParameterRole.Weight)];
        return [.. weights.Select((item, i) => Weight(plan.Recipe.Network, item.Name, item.Parameter, i == weights.Length - 1))];
    }

    /// <summary>The same for people, not more lines than can be taken in.</summary>
    public static IEnumerable<string> FirstWeights(RunPlan plan)
    {
        IReadOnlyList<string> all = Weights(plan);
        return all.Count <= MostLayers
            ? all
            : [.. all.Take(MostLayers - 2), $"... {all.Count - MostLayers + 1} more, all listed with --json", all[^1]];
    }

    private static string Form(RunPlan plan)
    {
        NetworkRecipe network = plan.Recipe.Network;
        if (network.Activation is null && network.OutputActivation is null)
            return network.Layers;
        List<string> words = [];
        if (NetworkSpec.Parse(network.Layers).HasHiddenLayers)
        {
            words.Add(network.Activation!);
            if (NormalizationText.Words(network.Normalization) is { Length: > 0 } norm)
                words.Add(norm);
            if (network.Dropout > 0)
                words.Add(FormattableString.Invariant($"{Kind(network.DropoutKind)}dropout {network.Dropout}"));
            if (network.DropPath > 0)
                words.Add(FormattableString.Invariant($"stochastic depth {network.DropPath}"));
        }

        if (network.OutputActivation is { } output and not "none")
            words.Add($"{output} of the outputs");
        return words.Count == 0 ? network.Layers : $"{network.Layers} {string.Join(", ", words)}";
    }

    private static string Kind(DropoutKind? kind) =>
        kind is null or DropoutKind.Standard ? "" : $"{kind.Value.ToString().ToLowerInvariant()} ";

    private static string Weight(NetworkRecipe network, string name, Parameter weight, bool isLast)
    {
        int[] shape = weight.Shape.ToArray();
        string sizes = shape.Length switch
        {
            2 => $"{shape[0]} -> {shape[1]}",
            > 2 => $"{shape[1]} -> {shape[0]}, window {string.Join(" x ", shape[2..])}",
            _ => weight.Shape.ToString(),
        };
        string reason = network.Initializer is not NetworkRecipe.ByActivation ? " (--init changes that)"
            : network.Activation is null && network.OutputActivation is null ? ""
            : !isLast ? $", the default for {network.Activation}"
            : network.OutputActivation is { } output and not ("none" or "softmax" or "log_softmax") ? $", the default for {output}"
            : ", the default of a layer without activation";
        string layer = name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name;
        return $"layer {layer} ({sizes}): {weight.Initializer}{reason}";
    }
}
