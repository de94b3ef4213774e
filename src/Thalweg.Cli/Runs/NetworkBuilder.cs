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
    public static NetworkSpec Describe(TrainSettings settings)
    {
        NetworkSpec spec = NetworkSpec.Parse(settings.Model).WithActivation(settings.Activation);
        spec = settings.Norm is { } norm ? NormalizationText.Apply(spec, norm) : spec;
        if (!spec.HasHiddenLayers)
            RefuseHidden(settings);
        return settings.DropPath > 0 && spec.Stages.Count == 0
            ? throw new ThalwegException($"--drop-path: expected a residual network such as resnet:16,32, got --model {settings.Model}")
            : With(spec, settings);
    }

    private static NetworkSpec With(NetworkSpec spec, TrainSettings settings) => spec with
    {
        Initializer = settings.Initializer is { } text ? ParseInitializer("--init", text) : null,
        OutputActivation = settings.OutputActivation ?? "none",
        Dropout = settings.Dropout ?? 0,
        DropoutKind = settings.DropoutKind is { } kind ? Enum.Parse<DropoutKind>(kind, ignoreCase: true) : DropoutKind.Standard,
        DropPath = settings.DropPath ?? 0,
        DropoutScaling = settings.DropoutScaling == "evaluation" ? DropoutScaling.AtEvaluation : DropoutScaling.Inverted,
        BiasInitializer = settings.BiasInitializer is { } bias ? ParseInitializer("--bias-init", bias) : null,
    };

    /// <summary>The network with its starting weights.</summary>
    public static Sequential Build(TrainSettings settings, Preprocessing preprocessing)
    {
        Sequential network = Describe(settings).Build(preprocessing, RunData.LossOf(settings));
        network.Initialize(settings.Seed, settings.Precision == "float64" ? DType.Float64 : DType.Float32);
        return network;
    }

    /// <summary>Refuses options of hidden layers where there are none.</summary>
    private static void RefuseHidden(TrainSettings settings)
    {
        (string Name, bool IsGiven)[] options =
        [
            ("--activation", settings.Activation != new TrainSettings().Activation),
            ("--norm", settings.Norm is not (null or "none")),
            ("--dropout", settings.Dropout > 0),
        ];
        if (options.FirstOrDefault(option => option.IsGiven) is { Name: { } name })
            throw new ThalwegException(
                $"{name}: expected hidden layers, got --model {settings.Model}, which has none; leave {name} out, or take mlp:UNITS");
    }

    private static Initializer ParseInitializer(string option, string text)
    {
        string name = text.Split('(')[0];
        return TrainOptions.InitializerNames.Contains(name)
            ? Settings.Parse<Initializer>(text)
            : throw new ThalwegException($"{option}: expected {OptionFactory.OneOf(name, TrainOptions.InitializerNames)}, got '{text}'");
    }
}
