using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Optimizers;

namespace Thalweg.Bench.Peers;

/// <summary>The cases that can be compared, by name; `bench/peers/torch_peer.py` has the other half of each.</summary>
internal static class PeerCases
{
    /// <summary>Makes our side of each case.</summary>
    public static SortedDictionary<string, Func<PeerOptions, IPeerCase>> All { get; } = new(StringComparer.Ordinal)
    {
        ["conv-2c2d-128"] = _ => new NetworkCase("conv-2c2d-128", ConvolutionNetwork, [1, 28, 28], 128, new Sgd(0.01)),
        ["conv-2c2d-64"] = _ => new NetworkCase("conv-2c2d-64", ConvolutionNetwork, [1, 28, 28], 64, new Sgd(0.01)),
        ["conv-2c2d-adam-64"] = _ => new NetworkCase("conv-2c2d-adam-64", ConvolutionNetwork, [1, 28, 28], 64, new Adam(1e-3)),
        ["resnet-small"] = _ => new NetworkCase("resnet-small", ResidualNetwork, [3, 32, 32], 32, new Sgd(0.01)),
        ["fashion-mlp"] = options => new FilesCase(options),
        ["lstm-128"] = _ => new NetworkCase("lstm-128", RecurrentNetwork, [64, 128], 32, new Adam(1e-3)),
        ["mlp-adam-64"] = _ => new NetworkCase("mlp-adam-64", Mlp, [784], 64, new Adam(1e-3)),
        ["mlp-bn-100"] = _ => new NetworkCase("mlp-bn-100", NormalizedMlp, [784], 100, new Sgd(0.1)),
        ["mlp-sgd-128"] = _ => new NetworkCase("mlp-sgd-128", Mlp, [784], 128, new Sgd(0.1)),
        ["tabular-tiny"] = _ => new NetworkCase("tabular-tiny", TinyMlp, [13], 16, new Adam(1e-3)) { IsRegression = true },
        ["transformer-small"] = _ => new NetworkCase("transformer-small", TransformerNetwork, [64], 32, new Adam(1e-3)) { Symbols = 64 },
        ["tabular-tiny-sgd"] = _ => new NetworkCase("tabular-tiny-sgd", TinyMlp, [13], 16, new Sgd(0.01)) { IsRegression = true },
    };

    /// <summary>Names of the cases that need no files.</summary>
    public static IEnumerable<string> WithoutFiles => All.Keys.Where(name => name != "fashion-mlp");

    /// <summary>Two convolutions of 5x5 with pooling, and two dense layers.</summary>
    public static Module ConvolutionNetwork()
    {
        ConvolutionOptions same = new() { Padding = 2, Activation = Activation.Relu };
        return new Sequential(
            new Conv2d(1, 32, 5, same), new MaxPool2d(2), new Conv2d(32, 64, 5, same), new MaxPool2d(2), new Flatten(),
            new Dense(64 * 7 * 7, 1024, Activation.Relu), new Dense(1024, 10));
    }

    /// <summary>A first convolution and eight residual blocks of two 3x3 convolutions with batch normalization: 16, 32
    /// and 64 channels.</summary>
    private static Module ResidualNetwork()
    {
        List<Module> layers = [Convolution(3, 16, 3, 1), new BatchNorm2d(16), new ActivationLayer(Activation.Relu)];
        int channels = 16;
        foreach (int outputs in new[] { 16, 16, 16, 32, 32, 64, 64, 64 })
        {
            int stride = outputs == channels ? 1 : 2;
            Sequential path = new(
                Convolution(channels, outputs, 3, stride), new BatchNorm2d(outputs), new ActivationLayer(Activation.Relu),
                Convolution(outputs, outputs, 3, 1),
                new BatchNorm2d(outputs));
            Module? shortcut = stride == 1 ? null : new Sequential(Convolution(channels, outputs, 1, stride), new BatchNorm2d(outputs));
            layers.Add(new Residual(path, shortcut, Activation.Relu));
            channels = outputs;
        }

        return new Sequential([.. layers, new AdaptiveAvgPool2d(), new Flatten(), new Dense(64, 10)]);
    }

    private static Conv2d Convolution(int inputs, int outputs, int size, int stride) =>
        new(inputs, outputs, size, new ConvolutionOptions { Padding = size / 2, Stride = stride }, bias: false);

    /// <summary>The final state of 128 LSTM units after 64 steps of 128 numbers, and a dense layer.</summary>
    public static Module RecurrentNetwork() =>
        new Sequential(new Lstm(128, 128, new RecurrentOptions { AllSteps = false }), new Dense(128, 10));

    /// <summary>Four pre-norm blocks of width 128 with 4 heads over 64 symbols of a vocabulary of 64, their mean, and
    /// a dense layer.</summary>
    private static Module TransformerNetwork() => new Sequential(
        new Embedding(64, 128), new LearnedPositions(64, 128), new TransformerEncoder(4, 128, 4), new Mean(1), new Dense(128, 10));

    public static Module Mlp() => new NetworkSpec { HiddenUnits = [256, 128] }.Build([784], 10);

    /// <summary>Five hidden layers, each normalized over the batch before its activation.</summary>
    private static Module NormalizedMlp() => new NetworkSpec { HiddenUnits = [100, 100, 100, 100, 100], BatchNorm = true }.Build([784], 10);

    private static Module TinyMlp() => new NetworkSpec { HiddenUnits = [32] }.Build([13], 1);
}
