using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Thalweg.Peers;

/// <summary>A network with its data and optimizer, the same as in `bench/Thalweg.Bench/Peers/PeerCases.cs`.</summary>
/// <param name="Network">Makes the network.</param>
/// <param name="Input">Makes the inputs of a batch of so many samples.</param>
/// <param name="Batch">Samples per step.</param>
/// <param name="Optimizer">Adam, or plain gradient descent.</param>
/// <param name="Rate">The learning rate.</param>
internal sealed record Case(Func<Module<Tensor, Tensor>> Network, Func<int, Tensor> Input, int Batch, Optimizer Optimizer, double Rate)
{
    private const int Classes = 10;

    /// <summary>Whether the network has one output that is fitted to numbers.</summary>
    public bool IsRegression { get; init; }

    public Tensor Target() => IsRegression ? randn(Batch, 1) : randint(Classes, [Batch]);
}

/// <summary>How the weights are updated.</summary>
internal enum Optimizer
{
    Sgd,
    Adam,
}

/// <summary>The cases by name.</summary>
internal static class Cases
{
    private static readonly Dictionary<string, Case> s_all = new()
    {
        ["conv-2c2d-128"] = new(ConvolutionNetwork, Images(1, 28), 128, Optimizer.Sgd, 0.01),
        ["conv-2c2d-64"] = new(ConvolutionNetwork, Images(1, 28), 64, Optimizer.Sgd, 0.01),
        ["conv-2c2d-adam-64"] = new(ConvolutionNetwork, Images(1, 28), 64, Optimizer.Adam, 1e-3),
        ["resnet-small"] = new(() => new ResidualNetwork(), Images(3, 32), 32, Optimizer.Sgd, 0.01),
        ["lstm-128"] = new(() => new RecurrentNetwork(), batch => randn(64, batch, 128), 32, Optimizer.Adam, 1e-3),
        ["mlp-adam-64"] = new(() => Mlp(784, 256, 128, 10), Rows(784), 64, Optimizer.Adam, 1e-3),
        ["mlp-sgd-128"] = new(() => Mlp(784, 256, 128, 10), Rows(784), 128, Optimizer.Sgd, 0.1),
        ["mlp-bn-100"] = new(NormalizedMlp, Rows(784), 100, Optimizer.Sgd, 0.1),
        ["transformer-small"] = new(() => new TransformerNetwork(), batch => randint(64, [batch, 64]), 32, Optimizer.Adam, 1e-3),
        ["tabular-tiny"] = new(() => Mlp(13, 32, 1), Rows(13), 16, Optimizer.Adam, 1e-3) { IsRegression = true },
        ["tabular-tiny-sgd"] = new(() => Mlp(13, 32, 1), Rows(13), 16, Optimizer.Sgd, 0.01) { IsRegression = true },
    };

    public static Case Find(string name) => s_all.TryGetValue(name, out Case? found) ? found
        : throw new ArgumentException($"unknown case '{name}'; expected one of {string.Join(", ", s_all.Keys)}");

    private static Func<int, Tensor> Rows(long width) => batch => randn(batch, width);

    private static Func<int, Tensor> Images(long channels, long size) => batch => randn(batch, channels, size, size);

    private static Module<Tensor, Tensor> Mlp(params long[] sizes)
    {
        List<Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i + 2 < sizes.Length; i++)
            layers.AddRange([Linear(sizes[i], sizes[i + 1]), ReLU(inplace: true)]);
        return Sequential([.. layers, Linear(sizes[^2], sizes[^1])]);
    }

    private static Module<Tensor, Tensor> NormalizedMlp()
    {
        List<Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i < 5; i++)
            layers.AddRange([Linear(i == 0 ? 784 : 100, 100, hasBias: false), BatchNorm1d(100), ReLU(inplace: true)]);
        return Sequential([.. layers, Linear(100, 10)]);
    }

    private static Module<Tensor, Tensor> ConvolutionNetwork() => Sequential(
        Conv2d(1, 32, 5, padding: 2), ReLU(inplace: true), MaxPool2d(2), Conv2d(32, 64, 5, padding: 2), ReLU(inplace: true), MaxPool2d(2),
        Flatten(), Linear(64 * 7 * 7, 1024), ReLU(inplace: true), Linear(1024, 10));
}
