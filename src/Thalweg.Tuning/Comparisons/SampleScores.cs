using System.Runtime.InteropServices;
using Thalweg.Data;
using Thalweg.Models;

namespace Thalweg.Tuning;

/// <summary>Scores single validation samples, so that the bootstrap can draw them anew.</summary>
/// <remarks>For classes 1 where the answer is right, else 0; for numbers 1 - e^2/s^2, e the error and s^2 the mean square about the mean
/// of the targets: their means are accuracy and R2.</remarks>
internal static class SampleScores
{
    private const int BlockSize = 512;

    /// <summary>The scores as bytes, as a journal keeps them.</summary>
    public static byte[] Of(TrainedModel model, Dataset data) => MemoryMarshal.AsBytes(Values(model, data).AsSpan()).ToArray();

    /// <summary>The score of each sample.</summary>
    public static float[] Values(TrainedModel model, Dataset data)
    {
        Predictor predictor = new(model, Math.Min(BlockSize, data.Count));
        float[] scores = new float[data.Count], features = new float[BlockSize * data.FeatureWidth];
        double[] answers = new double[BlockSize * predictor.Width];
        Func<int[], int, double, float> score = data.Task.HasClasses ? Classes(data) : Numbers(model, data);
        for (int start = 0; start < scores.Length; start += BlockSize)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(BlockSize, scores.Length - start))];
            data.Gather<float>(rows, features);
            predictor.Predict(features.AsSpan(0, rows.Length * data.FeatureWidth), rows.Length, answers);
            for (int i = 0; i < rows.Length; i++)
            {
                ReadOnlySpan<double> answer = answers.AsSpan(i * predictor.Width, predictor.Width);
                scores[start + i] = score(rows, i, answer.Length == 1 ? answer[0] : Largest(answer));
            }
        }

        return scores;
    }

    private static Func<int[], int, double, float> Classes(Dataset data)
    {
        int[] labels = new int[data.Count];
        data.GatherLabels([.. Enumerable.Range(0, data.Count)], labels);
        return (rows, i, answer) => (int)answer == labels[rows[i]] ? 1 : 0;
    }

    private static Func<int[], int, double, float> Numbers(TrainedModel model, Dataset data)
    {
        double[] targets = new double[data.Count];
        data.GatherTargets<double>([.. Enumerable.Range(0, data.Count)], targets);
        double[] values = [.. targets.Select(model.Preprocessing.Target.Invert)];
        double mean = values.Average(), square = values.Average(value => (value - mean) * (value - mean));
        return (rows, i, answer) => (float)(1 - ((answer - values[rows[i]]) * (answer - values[rows[i]]) / square));
    }

    private static int Largest(ReadOnlySpan<double> answer)
    {
        int largest = 0;
        for (int i = 1; i < answer.Length; i++)
            largest = answer[i] > answer[largest] ? i : largest;
        return largest;
    }
}
