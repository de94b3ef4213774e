using Thalweg.Cli.Options;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Cli.Runs;

/// <summary>Builds the network that the settings describe.</summary>
internal static class NetworkBuilder
{
    /// <summary>The description in the library's terms.</summary>
    /// <exception cref="ThalwegException">A name or a size is not known.</exception>
    public static NetworkSpec Describe(TrainSettings settings) => NetworkSpec.Parse(settings.Model) with
    {
        Activation = ActivationNames.Parse(settings.Activation),
        Initializer = settings.Initializer is { } text ? ParseInitializer(text) : null,
        BatchNorm = settings.Norm is "batch" or "batch-after",
        BatchNormAfterActivation = settings.Norm == "batch-after",
        Dropout = settings.Dropout ?? 0,
    };

    /// <summary>The network with its starting weights.</summary>
    public static Sequential Build(TrainSettings settings, Preprocessing preprocessing)
    {
        int outputs = preprocessing.Task == TaskKind.Classification ? preprocessing.Target.ClassNames.Count : 1;
        Sequential network = Describe(settings).Build(preprocessing.FeatureShape, outputs);
        network.Initialize(settings.Seed, settings.Precision == "float64" ? DType.Float64 : DType.Float32);
        return network;
    }

    private static Initializer ParseInitializer(string text)
    {
        string name = text.Split('(')[0];
        return TrainOptions.InitializerNames.Contains(name)
            ? Initializer.Parse(text)
            : throw new ThalwegException($"--init: expected {OptionFactory.OneOf(name, TrainOptions.InitializerNames)}, got '{text}'");
    }
}
