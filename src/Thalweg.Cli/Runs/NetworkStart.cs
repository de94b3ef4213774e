using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Cli.Runs;

/// <summary>Prepares the starting weights as the settings ask: transfer, LSUV, pretraining, bias of the outputs, in this order.</summary>
internal static class NetworkStart
{
    /// <summary>Does it.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="network">The network, initialized.</param>
    /// <param name="training">Data to fit.</param>
    /// <returns>What was done, one sentence each.</returns>
    /// <exception cref="ThalwegException">The other model does not fit, or the options contradict each other.</exception>
    public static IReadOnlyList<string> Apply(TrainSettings settings, Sequential network, TrainingSet training)
    {
        if (settings is { From: not null, Lsuv: true })
            throw new ThalwegException("--lsuv: it would overwrite the weights of --from; leave one out");
        List<string> done = [];
        if (settings is { From: null, FromLayout: not null })
            throw new ThalwegException("--from-layout: it says how the weights of --from lie; give --from FILE too, or leave it out");
        if (settings.From is { } path)
            done.Add($"from {path}: {Take(network, path, settings.FromLayout)}");
        if (settings.Lsuv)
        {
            IReadOnlyList<LsuvLayer> layers = Lsuv.Apply(network, training, new LsuvOptions { Seed = settings.Seed });
            done.Add("lsuv: " +
                Each(layers, layer => $"{layer.Name} variance {Figures.Loss(layer.VarianceBefore)} -> " +
                    $"{Figures.Loss(layer.VarianceAfter)}"));
        }

        if (settings.Pretrain is { } epochs)
        {
            PretrainingOptions options = new()
            {
                Epochs = epochs,
                BatchSize = settings.Batch is { } batch and > 0 ? batch : TrainDefaults.Batch(training.Data),
                Seed = settings.Seed
            };
            IReadOnlyList<PretrainedLayer> layers = Pretraining.ByAutoencoders(network, training, options);
            done.Add("pretrained: " +
                Each(layers, layer => $"{layer.Name} error {Figures.Loss(layer.FirstLoss)} -> {Figures.Loss(layer.LastLoss)}"));
        }

        if (settings.OutputBias)
        {
            OutputBias.FromData(network, training, RunData.LossOf(settings));
            bool isClasses = training.Data.Task.HasClasses;
            done.Add($"output bias: {(isClasses ? "from the class frequencies" : "from the mean of the target")}");
        }

        return done;
    }

    private static TransferReport Take(Sequential network, string path, string? layout)
    {
        try
        {
            return Transfer.FromFile(network, path, layout: layout switch
            {
                "in-out" => WeightLayout.InputsFirst,
                "out-in" => WeightLayout.OutputsFirst,
                _ => null,
            });
        }
        catch (WeightLayoutException)
        {
            throw new ThalwegException(
                $"--from: expected a file that tells whether its weights are [in, out] or [out, in], got '{path}', " +
                "which leaves it open; give --from-layout out-in for PyTorch's, in-out for Keras's or this program's");
        }
    }

    private static string Each<T>(IReadOnlyList<T> layers, Func<T, string> text) => string.Join(", ", layers.Select(text));
}
