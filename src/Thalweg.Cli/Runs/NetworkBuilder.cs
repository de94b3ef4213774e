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
        Initializer = settings.Initializer is { } text ? ParseInitializer("--init", text) : null,
        BatchNorm = NormOf(settings) is "batch" or "batch-after",
        BatchNormAfterActivation = NormOf(settings) == "batch-after",
        BatchNormOptions = settings.Norm is { } norm ? BatchNormText.Parse(norm) : new BatchNormOptions(),
        Dropout = settings.Dropout ?? 0,
        DropoutScaling = settings.DropoutScaling == "evaluation" ? DropoutScaling.AtEvaluation : DropoutScaling.Inverted,
        BiasInitializer = settings.BiasInitializer is { } bias ? ParseInitializer("--bias-init", bias) : null,
    };

    /// <summary>The network with its starting weights.</summary>
    public static Sequential Build(TrainSettings settings, Preprocessing preprocessing)
    {
        int outputs = preprocessing.Task == TaskKind.Classification ? preprocessing.Target.ClassNames.Count : 1;
        Sequential network = Describe(settings).Build(preprocessing.FeatureShape, outputs);
        network.Initialize(settings.Seed, settings.Precision == "float64" ? DType.Float64 : DType.Float32);
        return network;
    }

    /// <summary>The name of the normalization, without its settings.</summary>
    public static string? NormOf(TrainSettings settings) => settings.Norm?.Split('(')[0].Trim();

    private static Initializer ParseInitializer(string option, string text)
    {
        string name = text.Split('(')[0];
        return TrainOptions.InitializerNames.Contains(name)
            ? Initializer.Parse(text)
            : throw new ThalwegException($"{option}: expected {OptionFactory.OneOf(name, TrainOptions.InitializerNames)}, got '{text}'");
    }
}
