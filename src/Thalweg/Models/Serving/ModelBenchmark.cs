using System.Diagnostics;
using Thalweg.Data;

namespace Thalweg.Models;

/// <summary>Measures how fast a model answers on this machine.</summary>
public static class ModelBenchmark
{
    private const int Repeats = 200;
    private static readonly int[] s_batches = [1, 16, 64, 256, 1024];
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures calls with batches of several sizes from one caller, and with single samples from several callers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="callers">Threads that call at once, in the last figure; default the number of processors.</param>
    /// <returns>A figure for each way of calling.</returns>
    public static IReadOnlyList<ModelSpeed> Run(TrainedModel model, int? callers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Preprocessing preprocessing = model.Preprocessing;
        int width = preprocessing.FeatureWidth, most = s_batches[^1];
        RandomStream stream = new(1, RandomPurpose.Initialization, 0);
        float[] features = Tensor.Normal([most, width], 0, 1, ref stream).ToArray<float>();
        Predictor predictor = new(model, most);
        List<ModelSpeed> figures = [.. s_batches.Select(batch => OneCaller(predictor, features, batch, width))];
        int threads = callers ?? Environment.ProcessorCount;
        if (threads > 1)
            figures.Add(ManyCallers(predictor, features, width, threads));
        return figures;
    }

    private static ModelSpeed OneCaller(Predictor predictor, float[] features, int batch, int width)
    {
        double[] results = new double[batch * predictor.Width];
        List<double> seconds = [];
        WarmUp(() => predictor.Predict(features.AsSpan(0, batch * width), batch, results));
        long start = Stopwatch.GetTimestamp();
        while (seconds.Count < Repeats || Stopwatch.GetElapsedTime(start) < s_patience)
        {
            long begin = Stopwatch.GetTimestamp();
            predictor.Predict(features.AsSpan(0, batch * width), batch, results);
            seconds.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return Figure(batch, 1, seconds, batch / seconds.Average());
    }

    private static ModelSpeed ManyCallers(Predictor predictor, float[] features, int width, int callers)
    {
        double[][] seconds = new double[callers][];
        long start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(caller => new Thread(() =>
        {
            using ThreadLimit limit = Threads.Limit(1);
            double[] results = new double[predictor.Width];
            List<double> own = [];
            while (Stopwatch.GetElapsedTime(start) < s_patience)
            {
                long begin = Stopwatch.GetTimestamp();
                predictor.Predict(features.AsSpan(0, width), 1, results);
                own.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
            }

            seconds[caller] = [.. own];
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] all = [.. seconds.SelectMany(own => own)];
        return Figure(1, callers, all, all.Length / elapsed);
    }

    private static ModelSpeed Figure(int batch, int callers, IReadOnlyList<double> seconds, double perSecond)
    {
        double[] sorted = [.. seconds.Order()];
        return new ModelSpeed(batch, callers, sorted[sorted.Length / 2], sorted[(int)(0.99 * (sorted.Length - 1))], perSecond);
    }

    /// <summary>Until the compiler has optimized what is called.</summary>
    private static void WarmUp(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repeats || Stopwatch.GetElapsedTime(start) < s_patience; i++)
            call();
    }
}

/// <summary>How fast a model answers in one way of calling it.</summary>
/// <param name="Batch">Samples per call.</param>
/// <param name="Callers">Threads that call at once.</param>
/// <param name="Median">Median time of a call, in seconds.</param>
/// <param name="Slowest">Time that 99 % of the calls do not exceed, in seconds.</param>
/// <param name="SamplesPerSecond">Samples per second, of all callers together.</param>
public sealed record ModelSpeed(int Batch, int Callers, double Median, double Slowest, double SamplesPerSecond);
