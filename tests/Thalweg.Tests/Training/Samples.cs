using Thalweg.Data;
using Thalweg.Layers;

namespace Thalweg.Tests.Training;

/// <summary>Small data that the tests make themselves.</summary>
internal static class Samples
{
    public static readonly string[] Names = ["a", "b", "c"];

    /// <summary>Three noisy clusters in the plane.</summary>
    public static Dataset Clusters(int count, ulong seed = 1)
    {
        float[] features = new float[count * 2];
        int[] labels = new int[count];
        RandomStream stream = new(seed, RandomPurpose.User);
        for (int i = 0; i < count; i++)
        {
            labels[i] = stream.NextInt32(3);
            double angle = labels[i] * 2 * Math.PI / 3;
            features[2 * i] = (float)(Math.Cos(angle) + (0.3 * stream.NextNormal()));
            features[(2 * i) + 1] = (float)(Math.Sin(angle) + (0.3 * stream.NextNormal()));
        }

        return Dataset.ForClassification(features, [2], labels, Names);
    }

    /// <summary>Noisy images [1, 6, 6] of a bar that stands, lies or fills the middle.</summary>
    public static Dataset Bars(int count, ulong seed = 3)
    {
        float[] features = new float[count * 36];
        int[] labels = new int[count];
        RandomStream stream = new(seed, RandomPurpose.User);
        for (int i = 0; i < count; i++)
        {
            labels[i] = stream.NextInt32(3);
            for (int k = 0; k < 36; k++)
            {
                (bool row, bool column) = (k / 6 is 2 or 3, k % 6 is 2 or 3);
                bool isOn = labels[i] == 0 ? column : labels[i] == 1 ? row : row && column;
                features[(36 * i) + k] = (float)((isOn ? 1 : -0.5) + (0.4 * stream.NextNormal()));
            }
        }

        return Dataset.ForClassification(features, [1, 6, 6], labels, Names);
    }

    /// <summary>y = sin(2 x) + noise, standardized roughly.</summary>
    public static Dataset Wave(int count, ulong seed = 2)
    {
        float[] features = new float[count], targets = new float[count];
        RandomStream stream = new(seed, RandomPurpose.User);
        for (int i = 0; i < count; i++)
        {
            features[i] = (float)stream.NextDouble(-1.5, 1.5);
            targets[i] = (float)(Math.Sin(2 * features[i]) + (0.05 * stream.NextNormal()));
        }

        return Dataset.ForRegression(features, [1], targets);
    }

    public static Sequential Network(int inputs = 2, int outputs = 3, double dropout = 0, bool batchNorm = false) => new(
        new Dense(inputs, 16, batchNorm ? Activation.None : Activation.Relu),
        batchNorm ? new BatchNorm1d(16) : new Dropout(dropout),
        new ActivationLayer(Activation.Relu),
        new Dense(16, outputs));

    public static float[] Weights(Module module) =>
        [.. module.NamedParameters().SelectMany(p => p.Parameter.Value.ToArray<float>())];
}
