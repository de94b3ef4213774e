using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>Which samples of an epoch's order each step takes, where the batch may grow from epoch to epoch.</summary>
internal sealed class BatchPlan
{
    private readonly int _samples;
    private readonly TrainerOptions _options;
    private readonly int? _steps;

    /// <param name="samples">Samples of an epoch.</param>
    /// <param name="options">Batch size, its schedule, and what becomes of a last smaller batch.</param>
    /// <param name="steps">Steps of each epoch, whatever the samples; default null: they follow from the samples.</param>
    public BatchPlan(int samples, TrainerOptions options, int? steps = null)
    {
        (_samples, _options, _steps) = (samples, options, steps);
        for (int epoch = 0; epoch < (options.BatchSchedule is null ? 1 : options.Epochs); epoch++)
        {
            LargestSize = Math.Max(LargestSize, SizeIn(epoch));
        }
    }

    /// <summary>Steps of an epoch that ends where its stream does.</summary>
    public const int Open = int.MaxValue;

    /// <summary>The plan of a run on some data.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="options">How to train.</param>
    public static BatchPlan Of(Dataset data, TrainerOptions options) => data.Window is { } window
        ? Of(window.Stream, options)
        : new BatchPlan(options.Sampler.CountIn(data), options);

    /// <summary>The plan of a run on a stream.</summary>
    /// <exception cref="ThalwegException">Each step is to take all samples, and how many those are is not known.</exception>
    public static BatchPlan Of(SampleStream stream, TrainerOptions options) => options.BatchSize == TrainerOptions.FullBatch
        ? throw new ThalwegException(
            "[train] expected a number of samples per step of a stream, got all; give a batch size of 1 or more, or collect the samples")
        : new BatchPlan(Open, options, stream.StepsPerEpoch ?? Open);

    /// <summary>The largest batch of the run.</summary>
    public int LargestSize { get; }

    /// <summary>Samples of a whole batch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    public int SizeIn(int epoch) => _options.BatchSchedule is { } schedule
        ? (int)Math.Clamp(Math.Round(schedule.At(epoch)), 1, _samples)
        : _options.BatchSize switch
        {
            null => Math.Min(TrainerOptions.UsualBatch, _samples),
            TrainerOptions.FullBatch => _samples,
            int size => size,
        };

    /// <summary>Steps of an epoch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    public int StepsIn(int epoch) => _steps ?? (_options.LastBatch == LastBatch.Dropped
        ? Math.Max(1, _samples / SizeIn(epoch))
        : Trainer.StepsIn(_samples, SizeIn(epoch)));

    /// <summary>Steps of a whole run; 0 where the epochs end where a stream does.</summary>
    public long TotalSteps => _steps == Open ? 0 : _options.BatchSchedule is null
        ? (long)StepsIn(0) * _options.Epochs
        : Enumerable.Range(0, _options.Epochs).Sum(epoch => (long)StepsIn(epoch));

    /// <summary>Where in the order of its epoch a step's samples lie.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step of the epoch, from 0.</param>
    public (int Start, int Count) Samples(int epoch, int step)
    {
        int size = SizeIn(epoch), start = _samples == Open ? 0 : step * size;
        return (start, Math.Min(size, _samples - start));
    }

    /// <summary>The epoch and the step in it that follow a number of steps.</summary>
    /// <param name="steps">Completed steps of the run.</param>
    public (int Epoch, int Step) Locate(long steps)
    {
        if (_options.BatchSchedule is null)
        {
            return ((int)(steps / StepsIn(0)), (int)(steps % StepsIn(0)));
        }

        int epoch = 0;
        for (; epoch < _options.Epochs && steps >= StepsIn(epoch); epoch++)
        {
            steps -= StepsIn(epoch);
        }

        return (epoch, (int)steps);
    }
}
