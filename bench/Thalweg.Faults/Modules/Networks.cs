using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>Networks that a recipe cannot say.</summary>
internal static class Networks
{
    /// <summary>A list of layers whose starting weights are changed.</summary>
    /// <param name="layers">The list, as recipes have it.</param>
    /// <param name="change">Gets each parameter's name and values; null for no change.</param>
    public static Func<ulong, NetworkFactory> OfLayers(string layers, Action<string, Span<float>>? change = null) => seed => preprocessing =>
    {
        Module network = Settings.Parse<LayerSettings>($"sequential({layers})")
            .Build(new LayerInput(new Shape([.. preprocessing.FeatureShape]), Outputs(preprocessing))).Module.Initialize(seed);
        foreach ((string name, Parameter parameter) in network.NamedParameters())
            change?.Invoke(name, parameter.Value.AsSpan<float>());
        return network;
    };

    /// <summary>Dense layers with a module after each hidden one; samples of several axes are flattened first.</summary>
    /// <param name="units">Units of the hidden layers.</param>
    /// <param name="between">Makes the module behind a hidden layer.</param>
    public static Func<ulong, NetworkFactory> Dense(int[] units, Func<Module> between) => seed => preprocessing =>
    {
        List<Module> parts = preprocessing.FeatureShape.Count > 1 ? [new Flatten()] : [];
        AddDense(parts, preprocessing.FeatureWidth, units, between, Outputs(preprocessing));
        return (Module)new Sequential([.. parts]).Initialize(seed);
    };

    /// <summary>A convolution of images with pooling, then as <see cref="Dense"/>.</summary>
    public static Func<ulong, NetworkFactory> Convolutional(int channels, int[] units, Func<Module> between) => seed => preprocessing =>
    {
        (int inputs, int side) = (preprocessing.FeatureShape[0], preprocessing.FeatureShape[1]);
        List<Module> parts =
        [
            new Conv2d(inputs, channels, 3), new ActivationLayer(Activation.Relu), new MaxPool2d(2), new Flatten(),
        ];
        AddDense(parts, channels * ((side - 2) / 2) * ((side - 2) / 2), units, between, Outputs(preprocessing));
        return (Module)new Sequential([.. parts]).Initialize(seed);
    };

    /// <summary>A gated recurrent layer, then as <see cref="Dense"/>.</summary>
    public static Func<ulong, NetworkFactory> Recurrent(int cells, int[] units, Func<Module> between) => seed => preprocessing =>
    {
        List<Module> parts = [new Gru(preprocessing.FeatureShape[^1], cells, new RecurrentOptions { AllSteps = false })];
        AddDense(parts, cells, units, between, Outputs(preprocessing));
        return (Module)new Sequential([.. parts]).Initialize(seed);
    };

    /// <summary>The network of the kind that fits a problem.</summary>
    public static Func<ulong, NetworkFactory> For(Problem problem, int[] units, Func<Module> between) => problem.Kind switch
    {
        NetworkKind.Convolutional => Convolutional(8, units, between),
        NetworkKind.Recurrent => Recurrent(12, units, between),
        _ => Dense(units, between),
    };

    private static int Outputs(Preprocessing preprocessing) =>
        preprocessing.Task.OutputsFor(preprocessing.Task.DefaultLoss, "none");

    private static void AddDense(List<Module> parts, int inputs, int[] units, Func<Module> between, int outputs)
    {
        foreach (int width in units)
        {
            parts.Add(new Dense(inputs, width));
            parts.Add(between());
            inputs = width;
        }

        parts.Add(new Dense(inputs, outputs));
    }
}
