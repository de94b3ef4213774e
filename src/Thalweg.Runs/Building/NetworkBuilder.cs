using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Models;

namespace Thalweg.Runs;

/// <summary>Builds the network that a recipe describes.</summary>
internal static class NetworkBuilder
{
    /// <summary>Refuses names that are not known, and fields that do not belong to the network.</summary>
    public static void Check(Recipe recipe)
    {
        if (NetworkRecipe.IsList(recipe))
            _ = Layers(recipe);
        else if (!NetworkRecipe.IsCustom(recipe))
            _ = Describe(recipe);
    }

    /// <summary>The short form in the library's terms.</summary>
    /// <exception cref="ThalwegException">A name or a size is not known.</exception>
    public static NetworkSpec Describe(Recipe recipe)
    {
        NetworkRecipe network = recipe.Network;
        NetworkSpec spec = NetworkSpec.Parse(network.Layers).WithActivation(network.Activation ?? RecipeDefaults.Activation);
        spec = network.Normalization is { } normalization ? NormalizationText.Apply(spec, normalization) : spec;
        if (!spec.HasHiddenLayers)
            RefuseHidden(network);
        return network.DropPath > 0 && spec.Stages.Count == 0
            ? throw new ThalwegException(
                $"network.drop_path: expected a residual network such as resnet:16,32, got network.layers {network.Layers}")
            : With(spec, network);
    }

    /// <summary>The layers of a list.</summary>
    /// <exception cref="ThalwegException">A name or a setting is not known, or there are fields of short forms beside it.</exception>
    public static SequentialSettings Layers(Recipe recipe)
    {
        NetworkRecipe plain = new() { Layers = recipe.Network.Layers };
        if ((recipe with { Network = plain }).Diff(recipe) is [RecipeDifference field, ..])
        {
            throw new ThalwegException($"{field.Path}: expected a short form such as mlp:256,128, got a list of layers, each of which has "
                + "settings of its own; write it there, and leave this out");
        }

        return NetworkText.Parse(recipe.Network.Layers);
    }

    /// <summary>Whether a target of numbers is to be standardized.</summary>
    public static bool WantsStandardTarget(Recipe recipe) =>
        NetworkRecipe.IsCustom(recipe) ? new NetworkSpec().WantsStandardTarget(LossOf(recipe))
        : NetworkRecipe.IsList(recipe) ? LayerNetwork.WantsStandardTarget(Layers(recipe), LossOf(recipe))
        : Describe(recipe).WantsStandardTarget(LossOf(recipe));

    /// <summary>The loss that was asked for; null for the one that belongs to the task.</summary>
    /// <exception cref="ThalwegException">The name or a setting is not known.</exception>
    public static Loss? LossOf(Recipe recipe) => recipe.Training.Loss is { } text ? Settings.Parse<Loss>(text) : null;

    /// <summary>The network with its starting weights.</summary>
    public static Sequential Build(Recipe recipe, Preprocessing preprocessing)
    {
        Sequential network = NetworkRecipe.IsList(recipe)
            ? LayerNetwork.Build(Layers(recipe), preprocessing, LossOf(recipe))
            : Describe(recipe).Build(preprocessing, LossOf(recipe));
        network.Initialize(recipe.Seed, recipe.Precision);
        return network;
    }

    private static NetworkSpec With(NetworkSpec spec, NetworkRecipe network) => spec with
    {
        Initializer = network.Initializer is { } text and not NetworkRecipe.ByActivation ? Read("network.initializer", text) : null,
        OutputActivation = network.OutputActivation ?? "none",
        Dropout = network.Dropout ?? 0,
        DropoutKind = network.DropoutKind ?? DropoutKind.Standard,
        DropPath = network.DropPath ?? 0,
        DropoutScaling = network.DropoutScaling ?? DropoutScaling.Inverted,
        BiasInitializer = network.BiasInitializer is { } bias ? Read("network.bias_initializer", bias) : null,
    };

    /// <summary>Refuses settings of hidden layers where there are none.</summary>
    private static void RefuseHidden(NetworkRecipe network)
    {
        (string Name, bool IsGiven)[] fields =
        [
            ("network.activation", network.Activation is not (null or RecipeDefaults.Activation)),
            ("network.normalization", network.Normalization is not (null or "none")),
            ("network.dropout", network.Dropout > 0),
        ];
        if (fields.FirstOrDefault(field => field.IsGiven) is { Name: { } name })
        {
            throw new ThalwegException(
                $"{name}: expected hidden layers, got network.layers {network.Layers}, which has none; leave {name} out, or take "
                + "mlp:UNITS");
        }
    }

    private static Initializer Read(string path, string text)
    {
        string name = text.Split('(')[0];
        return Names.Initializers.Contains(name)
            ? Settings.Parse<Initializer>(text)
            : throw new ThalwegException($"{path}: expected {Names.OneOf(name, Names.Initializers)}, got '{text}'");
    }
}
