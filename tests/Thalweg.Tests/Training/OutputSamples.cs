using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Models;

namespace Thalweg.Tests.Training;

/// <summary>Data, networks and predictions for the tests of losses and outputs.</summary>
internal static class OutputSamples
{
    public static Sequential Network(int inputs, int outputs, string activation) =>
        new NetworkSpec { HiddenUnits = [16], OutputActivation = activation }.Build([inputs], outputs);

    public static double[] Predict(TrainedModel model, Dataset data)
    {
        Predictor predictor = new(model, data.Count);
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather<float>(Dataset.AllRows(data.Count), features);
        double[] results = new double[data.Count * predictor.Width];
        predictor.Predict(features, data.Count, results);
        return results;
    }

    public static TrainedModel ModelOf(Module module, Loss loss, Dataset data) => new(
        module,
        new Preprocessing
        {
            Task = data.Task,
            FeatureShape = data.FeatureShape,
            Target = new TargetEncoding { Name = "target", Index = data.FeatureWidth, ClassNames = data.ClassNames },
            Columns = [.. Enumerable.Range(0, data.FeatureWidth).Select(i => new NumericEncoding($"c{i}", i, 0, 1, false, false))],
        },
        new Provenance { ThalwegVersion = "0", CommandLine = "test", Seed = 1, Data = "test" })
    {
        Loss = loss,
    };

    /// <summary>Two classes on the sides of a line, with a gap between.</summary>
    public static Dataset Halves(int count) => Classes(count, 0);

    /// <summary>Two classes, the second one rarer.</summary>
    public static Dataset Skewed(int count) => Classes(count, 0.5f);

    private static Dataset Classes(int count, float threshold)
    {
        float[] features = new float[2 * count];
        int[] labels = new int[count];
        RandomStream stream = new(5, RandomPurpose.User);
        for (int i = 0; i < count; i++)
        {
            float x = (float)stream.NextDouble(-1, 1);
            labels[i] = x > threshold ? 1 : 0;
            (features[2 * i], features[(2 * i) + 1]) = (x + (labels[i] == 1 ? 0.2f : -0.2f), (float)stream.NextDouble(-1, 1));
        }

        return Dataset.ForClassification(features, [2], labels, ["no", "yes"]);
    }

    /// <summary>Numbers between 0 and 1: those of a logistic curve.</summary>
    public static Dataset Shares(int count)
    {
        float[] features = new float[count], targets = new float[count];
        RandomStream stream = new(6, RandomPurpose.User);
        for (int i = 0; i < count; i++)
        {
            features[i] = (float)stream.NextDouble(-2, 2);
            targets[i] = (float)(1 / (1 + Math.Exp(-2 * features[i])));
        }

        return Dataset.ForRegression(features, [1], targets);
    }
}
