using System.Diagnostics;
using Thalweg.Data;
using Thalweg.Layers;

namespace Thalweg.Training;

/// <summary>Tries batch sizes, each twice the one before, for memory and for samples per second.</summary>
/// <remarks>A size is tried only where what the one before took, extended in proportion, fits in the memory that is left. Weights and
/// buffers are put back. A larger batch is not a better one for what is learned: it makes fewer updates in an epoch.</remarks>
public static class BatchSizeSearch
{
    private const double NearBest = 0.9, ShareOfMemory = 0.8, LeastSeconds = 0.2;
    private const int WarmUp = 2, MostSteps = 50;

    /// <summary>Makes the search.</summary>
    /// <param name="module">The network; initialized with the seed of the options if it has no values yet.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="options">How to train; the batch size is replaced.</param>
    /// <param name="memoryLimit">Bytes that intermediates of a step may take; default null, four fifths of the memory that is left to the
    /// process.</param>
    /// <exception cref="ThalwegException">An option is out of range, a minimizer makes the updates, or the data are a stream.</exception>
    public static BatchSizeResult Run(Module module, TrainingSet training, TrainerOptions options, long? memoryLimit = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        if (training.Stream is not null || options.Minimizer is not null)
        {
            throw new ThalwegException("[batch-find] expected an optimizer and samples that can be had in any order, got "
                + $"{(training.Stream is null ? "a minimizer, which takes all samples" : "a stream")}; choose another");
        }

        long limit = memoryLimit ?? Left();
        int samples = training.Data.Count, largest = 0;
        List<BatchSizePoint> points = [];
        bool wasTraining = module.IsTraining;
        for (int size = 1; largest < samples; size *= 2)
        {
            // Batch normalization needs two samples.
            int tried = Math.Min(size, samples);
            if (points.Count > 0 && (double)points[^1].MemoryBytes * tried / points[^1].BatchSize > limit)
                break;

            largest = tried;
            if (tried == 1 && BatchNorm.AllOf(module).Any())
                continue;

            Trainer trainer = new(module, training, options with
            {
                BatchSize = tried,
                BatchSchedule = null,
                MicroBatchSize = null,
                Shards = 1,
                Exchange = null,
                MaxSteps = null,
                MaxTime = null,
                Observers = [],
                Sampler = new ShuffledSampler(),
            });
            BestWeights start = new(module, trainer.Parameters);
            points.Add(Measure(trainer, tried, samples));
            start.Restore();
        }

        module.SetTraining(wasTraining);
        double best = points.Max(point => point.SamplesPerSecond);
        return new BatchSizeResult(
            points, points.First(point => point.SamplesPerSecond >= NearBest * best).BatchSize, largest == samples ? null : limit);
    }

    private static BatchSizePoint Measure(Trainer trainer, int size, int samples)
    {
        int[] order = Dataset.AllRows(samples);
        int at = 0;
        for (int step = 0; step < WarmUp; step++)
            Take();

        long begun = Stopwatch.GetTimestamp();
        int steps = 0;
        while (steps < MostSteps && (steps < 1 || Stopwatch.GetElapsedTime(begun).TotalSeconds < LeastSeconds))
        {
            Take();
            steps++;
        }

        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds / steps;
        return new BatchSizePoint(size, size / seconds, seconds, trainer.StepMemoryBytes);

        void Take()
        {
            at = at + size > samples ? 0 : at;
            trainer.TakeStep(order.AsSpan(at, size));
            at += size;
        }
    }

    private static long Left()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return (long)(ShareOfMemory * Math.Max(0, memory.TotalAvailableMemoryBytes - Environment.WorkingSet));
    }
}

/// <summary>What steps of a batch size take.</summary>
/// <param name="BatchSize">Samples of a step.</param>
/// <param name="SamplesPerSecond">Samples per second.</param>
/// <param name="SecondsPerStep">Time of a step in seconds.</param>
/// <param name="MemoryBytes">Bytes of intermediates of a step, beside weights, gradients and what the optimizer keeps.</param>
public sealed record BatchSizePoint(int BatchSize, double SamplesPerSecond, double SecondsPerStep, long MemoryBytes);

/// <summary>What a search for a batch size found.</summary>
/// <param name="Points">The sizes that were tried, ascending.</param>
/// <param name="Suggested">The smallest size that comes within a tenth of the most samples per second: more would cost updates and gain no
/// time.</param>
/// <param name="MemoryLimit">Bytes that the next size would have exceeded; null where all samples fit in one step.</param>
public sealed record BatchSizeResult(IReadOnlyList<BatchSizePoint> Points, int Suggested, long? MemoryLimit);
