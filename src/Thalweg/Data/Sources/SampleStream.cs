namespace Thalweg.Data;

/// <summary>Samples that come one after the other: a generator, a reader of files, a queue. <see cref="TrainingSet(SampleStream)"/>
/// trains on it.</summary>
/// <remarks>
/// An epoch is one pass over the stream, or <see cref="StepsPerEpoch"/> steps, after which the stream continues where it was; at its end it
/// is opened again. A run is repeatable where the stream is. A saved run opens it at the pass and the sample where it stood: a stream
/// that is made of (pass, skip) jumps there, any other one is read up to there.
/// </remarks>
public sealed class SampleStream
{
    private readonly Func<int, long, IEnumerable<Sample>> _open;

    /// <summary>Makes a stream that can be opened anywhere.</summary>
    /// <param name="open">Opens pass number so-and-so, from 0, leaving out so many samples at its start.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="inputs">The inputs of a sample, one or more; its targets are those of the task.</param>
    /// <exception cref="ThalwegException">There are no inputs.</exception>
    public SampleStream(Func<int, long, IEnumerable<Sample>> open, LearningTask task, params IReadOnlyList<TensorSpec> inputs)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(inputs);
        (_open, Task, Inputs) = (open, task, inputs.Count > 0
            ? [.. inputs]
            : throw new ThalwegException("[data] expected one or more inputs of a stream, got none; give the specification of each"));
    }

    /// <summary>Makes a stream of samples that can be gone through again and again.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="inputs">The inputs of a sample, one or more; its targets are those of the task.</param>
    /// <exception cref="ThalwegException">There are no inputs.</exception>
    public SampleStream(IEnumerable<Sample> samples, LearningTask task, params IReadOnlyList<TensorSpec> inputs)
        : this((_, skip) => Skip(samples, skip), task, inputs) => ArgumentNullException.ThrowIfNull(samples);

    /// <summary>Makes a stream of samples that come asynchronously; the thread that trains waits for each.</summary>
    /// <inheritdoc cref="SampleStream(IEnumerable{Sample}, LearningTask, IReadOnlyList{TensorSpec})"/>
    public SampleStream(IAsyncEnumerable<Sample> samples, LearningTask task, params IReadOnlyList<TensorSpec> inputs)
        : this((_, skip) => Skip(samples.ToBlockingEnumerable(), skip), task, inputs) => ArgumentNullException.ThrowIfNull(samples);

    /// <summary>Name for messages; default "stream".</summary>
    public string Name { get; init; } = "stream";

    /// <summary>What is learned.</summary>
    public LearningTask Task { get; }

    /// <summary>The inputs of a sample.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Steps of an epoch, 1 or more; default null: an epoch is one pass.</summary>
    /// <exception cref="ThalwegException">It is below 1.</exception>
    public int? StepsPerEpoch
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ThalwegException($"[data] expected 1 or more steps of an epoch, got {value}; leave it out for one pass");
    }

    /// <summary>Whether samples have weights of their own: <see cref="Sample.Weight"/>; default false.</summary>
    public bool HasWeights { get; init; }

    /// <summary>Opens a pass.</summary>
    internal IEnumerable<Sample> Open(int pass, long skip) => _open(pass, skip);

    private static IEnumerable<Sample> Skip(IEnumerable<Sample> samples, long skip)
    {
        foreach (Sample sample in samples)
        {
            if (skip-- <= 0)
                yield return sample;
        }
    }
}
