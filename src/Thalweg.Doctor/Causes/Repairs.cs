using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Fixes that several causes share.</summary>
internal static class Repairs
{
    /// <summary>Weights and biases that start as the activation asks for.</summary>
    public static IEnumerable<Fix> Initializer(RunSigns signs)
    {
        if (signs.Recipe is not { } recipe || !signs.IsNetworkOfRecipe || NetworkRecipe.IsListOfLayers(recipe.Network.Layers))
        {
            yield return Fix.Advice("initializer");
            yield break;
        }

        yield return Fix.Of("initializer", recipe, ("network.initializer", NetworkRecipe.ByActivation), ("network.bias_initializer", null));
    }
}
