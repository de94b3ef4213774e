using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Training;

/// <summary>A small problem: a network, data, and the samples of a step.</summary>
internal sealed record SmallProblem(string Name, Func<Module> Network, Func<Dataset> Data, int Batch = 16);

/// <summary>Twelve small problems on which every optimizer must get somewhere: dense, convolutional and recurrent networks; classes and
/// numbers; features that depend on each other, that differ in scale, that are constant; steps of one sample.</summary>
internal static class DefaultProblems
{
    private static readonly ConvolutionOptions s_padded = new() { Padding = 1, Activation = Activation.Relu };
    private static readonly BatchNormOptions s_exact = new() { Population = PopulationStatistics.Exact };
    private static readonly RecurrentOptions s_last = new() { AllSteps = false };

    public static IReadOnlyList<SmallProblem> All { get; } =
    [
        new("batch normalization", () => new Sequential(
            new Dense(8, 8), new BatchNorm1d(8, s_exact), new ActivationLayer(Activation.Relu), new Dense(8, 3)),
            () => Clusters(240, 8, 3, 1)),
        new("wave", () => new Sequential(new Dense(1, 16, Activation.Tanh), new Dense(16, 1)), () => Samples.Wave(200)),
        new("features of rank 2", () => new Sequential(new Dense(16, 6, Activation.Relu), new Dense(6, 1)),
            () => Numbers(200, 16, 5, x => x[0] + Math.Abs(x[1]), (x, j) => x[j % 2] * (j % 3 == 0 ? 1 : -0.5))),
        new("scales", () => new Sequential(new Dense(6, 8, Activation.Relu), new Dense(8, 3)),
            () => Clusters(240, 6, 3, 6, (x, j) => x * (j == 0 ? 30 : j == 1 ? 0.01 : 1))),
        new("constant features and a lone bias", () => new Sequential(new Dense(8, 8, Activation.Relu), new Shift(8), new Dense(8, 3)),
            () => Clusters(240, 8, 3, 7, (x, j) => j < 3 ? j - 1 : x)),
        new("one sample a step", () => new Sequential(new Dense(4, 8, Activation.Relu), new Dense(8, 2)), () => Clusters(60, 4, 2, 8), 1),
        new("deep and narrow", () => new Sequential(
            [
                new Dense(6, 4, Activation.Tanh), .. Enumerable.Range(0, 5).Select(_ => (Module)new Dense(4, 4, Activation.Tanh)),
                new Dense(4, 2),
            ]),
            () => Clusters(200, 6, 2, 10)),
        new("words", () => new Sequential(new Embedding(12, 3), new Flatten(), new Dense(18, 2)), () => Words(200, 14)),
        new("images, classes", () => new Sequential(new Conv2d(1, 3, 3, s_padded), new MaxPool2d(2),
            new Conv2d(3, 3, 3, s_padded with { Groups = 3 }), new Flatten(), new Dense(27, 3)), () => Samples.Bars(160)),
        new("images, numbers", () => new Sequential(new Conv2d(1, 3, 3, s_padded), new AvgPool2d(2), new Flatten(), new Dense(27, 1)),
            () => Numbers(160, 36, 17, x => x.Take(18).Sum(), null, [1, 6, 6])),
        new("sequences, classes", () => new Sequential(new Gru(1, 4, s_last), new Dense(4, 2)), () => Trends(200, 41)),
        new("sequences, numbers", () => new Sequential(new Lstm(1, 6, s_last), new Dense(6, 1)), () => Waves(240, 19)),
    ];

    /// <summary>Normal clusters around normal centers; a map changes feature j.</summary>
    private static Dataset Clusters(int count, int width, int classes, ulong seed, Func<double, int, double>? map = null)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        double[] centers = new double[classes * width];
        for (int k = 0; k < centers.Length; k++)
            centers[k] = 0.75 * stream.NextNormal();
        float[] features = new float[count * width];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = stream.NextInt32(classes);
            for (int j = 0; j < width; j++)
            {
                double x = centers[(labels[i] * width) + j] + (0.5 * stream.NextNormal());
                features[(i * width) + j] = (float)(map?.Invoke(x, j) ?? x);
            }
        }

        return Dataset.ForClassification(features, [width], labels, Samples.Names[..classes]);
    }

    /// <summary>A function of normal features, standardized; a map makes feature j from those before it.</summary>
    private static Dataset Numbers(
        int count, int width, ulong seed, Func<double[], double> function, Func<double[], int, double>? map = null, int[]? shape = null)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] features = new float[count * width];
        double[] targets = new double[count];
        for (int i = 0; i < count; i++)
        {
            double[] x = new double[width];
            for (int j = 0; j < width; j++)
                x[j] = map is null || j < 2 ? stream.NextNormal() : map(x, j);
            targets[i] = function(x);
            for (int j = 0; j < width; j++)
                features[(i * width) + j] = (float)x[j];
        }

        double mean = targets.Average(), deviation = Math.Sqrt(targets.Average(y => (y - mean) * (y - mean)));
        return Dataset.ForRegression(features, shape ?? [width], [.. targets.Select(y => (float)((y - mean) / deviation))]);
    }

    /// <summary>Six words of twelve; each class prefers its own half.</summary>
    private static Dataset Words(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] features = new float[count * 6];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = stream.NextInt32(2);
            for (int j = 0; j < 6; j++)
                features[(6 * i) + j] = stream.NextDouble() < 0.6 ? (labels[i] * 6) + stream.NextInt32(6) : stream.NextInt32(12);
        }

        return Dataset.ForClassification(features, [6], labels, Samples.Names[..2]);
    }

    /// <summary>Noisy sequences that rise or fall.</summary>
    private static Dataset Trends(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] features = new float[count * 8];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = stream.NextInt32(2);
            for (int j = 0; j < 8; j++)
                features[(8 * i) + j] = (float)(((labels[i] == 0 ? -1 : 1) * (j - 3.5) / 3) + (0.5 * stream.NextNormal()));
        }

        return Dataset.ForClassification(features, [8, 1], labels, Samples.Names[..2]);
    }

    /// <summary>Waves of two frequencies, and how they continue.</summary>
    private static Dataset Waves(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] features = new float[count * 8], targets = new float[count];
        for (int i = 0; i < count; i++)
        {
            double frequency = stream.NextInt32(2) == 0 ? 0.5 : 1.4, phase = stream.NextDouble(0, 2 * Math.PI);
            for (int j = 0; j < 8; j++)
                features[(8 * i) + j] = (float)(Math.Sin(phase + (frequency * j)) + (0.1 * stream.NextNormal()));
            targets[i] = (float)(Math.Sqrt(2) * Math.Sin(phase + (frequency * 8)));
        }

        return Dataset.ForRegression(features, [8, 1], targets);
    }

    /// <summary>x + b: a module whose only parameter is a bias.</summary>
    private sealed class Shift : Module
    {
        private readonly Parameter _shift;

        public Shift(int width) => _shift = AddParameter("shift", [width], ParameterRole.Bias, Initializer.Zeros);

        protected override Tensor ForwardCore(Tensor x) => x + _shift.Value;
    }
}
