using System.Globalization;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Runs;

/// <summary>Prepares the starting weights as a recipe asks: transfer, LSUV, pretraining, bias of the outputs, in this order.</summary>
internal static class NetworkStart
{
    /// <summary>Refuses fields that contradict each other.</summary>
    public static void Check(StartRecipe start)
    {
        if (start is { From: not null, Lsuv: true })
            throw new ThalwegException("start.lsuv: it would overwrite the weights of start.from; leave one out");
        if (start is { From: null, FromLayout: not null })
        {
            throw new ThalwegException(
                "start.from_layout: it says how the weights of start.from lie; give start.from FILE too, or leave it out");
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="recipe">The full recipe.</param>
    /// <param name="network">The network, initialized.</param>
    /// <param name="training">Data to fit.</param>
    /// <returns>What was done, one sentence each.</returns>
    /// <exception cref="ThalwegException">The other model does not fit, or fields contradict each other.</exception>
    public static IReadOnlyList<string> Apply(Recipe recipe, Module network, TrainingSet training)
    {
        StartRecipe start = recipe.Start;
        Check(start);
        List<string> done = [];
        if (start.From is { } path)
            done.Add($"from {path}: {Take(network, path, start.FromLayout)}");
        if (start.Lsuv)
        {
            IReadOnlyList<LsuvLayer> layers = Lsuv.Apply(Layered(network, "start.lsuv"), training, new LsuvOptions { Seed = recipe.Seed });
            done.Add("lsuv: " + Each(layers, layer =>
                $"{layer.Name} variance {Figure(layer.VarianceBefore)} -> {Figure(layer.VarianceAfter)}"));
        }

        if (start.PretrainingEpochs is { } epochs)
            done.Add(Pretrain(recipe, Layered(network, "start.pretraining_epochs"), training, epochs));
        if (start.OutputBias)
        {
            OutputBias.FromData(Layered(network, "start.output_bias"), training, NetworkBuilder.LossOf(recipe));
            bool isClasses = training.Data.Task.HasClasses;
            done.Add($"output bias: {(isClasses ? "from the class frequencies" : "from the mean of the target")}");
        }

        return done;
    }

    private static string Pretrain(Recipe recipe, Sequential network, TrainingSet training, int epochs)
    {
        int batch = recipe.Training.BatchSize is { } size and > 0 ? size : RecipeDefaults.BatchSize(training.Data);
        PretrainingOptions options = new() { Epochs = epochs, BatchSize = batch, Seed = recipe.Seed };
        IReadOnlyList<PretrainedLayer> layers = Pretraining.ByAutoencoders(network, training, options);
        return "pretrained: " + Each(layers, layer => $"{layer.Name} error {Figure(layer.FirstLoss)} -> {Figure(layer.LastLoss)}");
    }

    private static Sequential Layered(Module network, string path) => network as Sequential ?? throw new ThalwegException(
        $"{path}: expected a network of type Sequential, got {network.GetType().Name}; leave it out");

    private static TransferReport Take(Module network, string path, WeightLayout? layout)
    {
        try
        {
            return Transfer.FromFile(network, path, layout: layout);
        }
        catch (WeightLayoutException)
        {
            throw new ThalwegException(
                $"start.from: expected a file that says whether its weights are [in, out] or [out, in], got '{path}', " +
                "which leaves it open; give start.from_layout out-in for PyTorch's, in-out for Keras's or this program's");
        }
    }

    private static string Each<T>(IReadOnlyList<T> layers, Func<T, string> text) => string.Join(", ", layers.Select(text));

    private static string Figure(double number) =>
        number.ToString(number is >= 1e-4 and < 1e5 ? "0.0000" : "0.00e+0", CultureInfo.InvariantCulture);
}
