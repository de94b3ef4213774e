using System.Globalization;
using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>A space for a recipe where none is given: the settings that matter most, around what the recipe has.</summary>
/// <remarks>The learning rate over two and a half decades about that of the recipe; the factor of weight decay over three; dropout; width and
/// depth of a network of dense layers; activation, normalization and initializer; the batch. Settings that the recipe fixes to something that
/// has no such choice are left out: the optimizer's name, settings of a list of layers, a minimizer's batch.</remarks>
public static class SpaceProposal
{
    private const double RateSpan = 16;

    /// <summary>Proposes a space.</summary>
    /// <param name="recipe">The recipe; what it leaves open has its default.</param>
    /// <param name="training">The training samples, on which defaults depend.</param>
    public static SearchSpace Of(Recipe recipe, TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(training);
        Recipe full = recipe.Resolve(training).Recipe;
        return SearchSpace.Parse([.. OfTraining(full, training.Data), .. OfNetwork(full, training.Data)]);
    }

    /// <summary>The values that a full recipe has for the settings of a space, where they are values of it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="full">A recipe with all defaults.</param>
    /// <returns>The point; null where a value is not in the space.</returns>
    public static TrialPoint? PointOf(SearchSpace space, Recipe full)
    {
        ArgumentNullException.ThrowIfNull(space);
        try
        {
            Dictionary<string, TrialValue> values = [];
            foreach (SearchParameter parameter in space)
            {
                if (!(parameter.When?.Holds(path => values.TryGetValue(path, out TrialValue known) ? known : null) ?? true))
                    continue;
                if (RecipePoint.ValueOf(full, parameter.Path) is not { } text)
                    return null;
                values[parameter.Path] = new TrialValue(text);
            }

            TrialPoint point = new(values);
            space.Check(point);
            return point;
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    private static IEnumerable<string> OfTraining(Recipe full, Dataset data)
    {
        if (full.Training.Optimizer.LearningRate is { } rate)
            yield return $"training.optimizer.learning_rate=log({Number(rate / RateSpan)}, {Number(rate * RateSpan)})";
        if (full.Training.Optimizer is { LearningRate: not null, WeightDecay: { } decay and > 0 })
            yield return $"training.optimizer.weight_decay=log({Number(decay / 100)}, {Number(decay * 10)})";
        else if (full.Training.Optimizer is { Name: "adamw", LearningRate: not null })
            yield return "training.optimizer.weight_decay=log(0.0001, 1)";
        int[] batches = [.. ((int[])[8, 16, 32, 64, 128, 256]).Where(size => size <= data.Count / 4)];
        if (full.Training is { BatchSchedule: null, BatchSize: > 0 } && batches.Length > 1)
            yield return $"training.batch_size=choice({string.Join(", ", batches.TakeLast(4))})";
    }

    private static IEnumerable<string> OfNetwork(Recipe full, Dataset data)
    {
        string layers = full.Network.Layers;
        if (layers == NetworkRecipe.Custom || NetworkRecipe.IsListOfLayers(layers) || !NetworkSpec.Parse(layers).HasHiddenLayers)
            yield break;
        yield return "network.dropout=steps(0, 0.5, 0.1)";
        if (layers.StartsWith("mlp:", StringComparison.Ordinal))
        {
            yield return $"{RecipePoint.DepthPath}=int(1, 4)";
            yield return $"{RecipePoint.WidthPath}=logint(16, {(data.Count < 1000 ? 256 : 512)})";
        }

        yield return "network.activation=choice(relu, gelu, silu, tanh)";
        if (full.Training.BatchSize != 1 && full.Training.MicroBatchSize != 1)
            yield return "network.normalization=choice(none, batch, layer)";
        yield return "network.initializer=choice(by_activation, xavier_uniform, orthogonal)";
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
