using System.Diagnostics;
using Thalweg.Models;

namespace Thalweg.Tuning;

/// <summary>Measures how long a model takes to predict.</summary>
internal static class Latency
{
    private const int Warmups = 20, Measurements = 101;

    /// <summary>Median time of the prediction of one sample, in microseconds.</summary>
    public static double Of(TrainedModel model)
    {
        int width = model.Preprocessing.FeatureShape.Aggregate(1, (product, size) => product * size);
        Predictor predictor = new(model, 1);
        float[] features = new float[width];
        double[] answers = new double[predictor.Width], times = new double[Measurements];
        for (int i = -Warmups; i < Measurements; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            predictor.Predict(features, 1, answers);
            if (i >= 0)
                times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[Measurements / 2];
    }
}
