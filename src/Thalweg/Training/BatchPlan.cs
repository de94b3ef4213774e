namespace Thalweg.Training;

/// <summary>Which samples of an epoch's order each step takes, where the batch may grow from epoch to epoch.</summary>
internal sealed class BatchPlan
{
    private readonly int _samples;
    private readonly TrainerOptions _options;

    /// <param name="samples">Number of training samples.</param>
    /// <param name="options">Batch size, its schedule, and what becomes of a last smaller batch.</param>
    public BatchPlan(int samples, TrainerOptions options)
    {
        (_samples, _options) = (samples, options);
        for (int epoch = 0; epoch < (options.BatchSchedule is null ? 1 : options.Epochs); epoch++)
        {
            LargestSize = Math.Max(LargestSize, SizeIn(epoch));
        }
    }

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
    public int StepsIn(int epoch) => _options.LastBatch == LastBatch.Dropped
        ? Math.Max(1, _samples / SizeIn(epoch))
        : Trainer.StepsIn(_samples, SizeIn(epoch));

    /// <summary>Steps of a whole run.</summary>
    public long TotalSteps => _options.BatchSchedule is null
        ? (long)StepsIn(0) * _options.Epochs
        : Enumerable.Range(0, _options.Epochs).Sum(epoch => (long)StepsIn(epoch));

    /// <summary>Where in the order of its epoch a step's samples lie.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step of the epoch, from 0.</param>
    public (int Start, int Count) Samples(int epoch, int step)
    {
        int size = SizeIn(epoch), start = step * size;
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
