using System.Diagnostics;
using Thalweg.Bench.Bounds;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Bench.Peers;

/// <summary>A network trained by the trainer on random classes, or random targets of a regression, as the script of the
/// peer trains it.</summary>
/// <param name="name">The name that both sides know it by.</param>
/// <param name="build">Makes the network.</param>
/// <param name="sample">Shape of one sample.</param>
/// <param name="batchSize">Samples per step.</param>
/// <param name="optimizer">The optimizer.</param>
internal sealed class NetworkCase(string name, Func<Module> build, int[] sample, int batchSize, Chain optimizer) : IPeerCase
{
    private const int Batches = 64, Classes = 10, WarmUpSteps = 200;

    /// <summary>Numbers in a batch above which a step takes milliseconds, so that fewer of them warm up and fill a round.</summary>
    private const int LargeBatch = 40_000;

    private readonly int[] _samples = Dataset.AllRows(Batches * batchSize);
    private Trainer? _trainer;
    private int _position;

    public string Name => name;

    /// <summary>Whether the network has one output that is fitted to numbers.</summary>
    public bool IsRegression { get; init; }

    /// <summary>Number of symbols that the inputs are drawn from, or 0 for normal draws.</summary>
    public int Symbols { get; init; }

    public int StepsPerRound => IsLarge ? 20 : IsTiny ? 3000 : 1000;

    /// <summary>Whether a step takes microseconds, so that more of them fill a round.</summary>
    private bool IsTiny => sample.Length == 1 && sample[0] * batchSize < 1000;

    private bool IsLarge => Symbols > 0 || sample.Length > 1 && sample.Aggregate(batchSize, (product, size) => product * size) > LargeBatch;

    /// <summary>The trainer, for measurements of memory.</summary>
    public Trainer Trainer => _trainer ?? throw new InvalidOperationException("Prepare first.");

    public Trainer? Trained => _trainer;

    /// <summary>Numbers in a sample.</summary>
    public int Width => sample.Aggregate(1, (product, size) => product * size);

    public StepWork Work => StepWork.OfTraining(NewTrainer([]), NewInput(batchSize));

    public void Prepare()
    {
        Dataset data = NewData(_samples.Length);
        TrainerOptions options = new() { Optimizer = optimizer, BatchSize = batchSize };
        _trainer = new Trainer(build(), new TrainingSet(data), new ValidationSet(data), options);
        SecondsPerStep(IsLarge ? WarmUpSteps / 5 : WarmUpSteps);
    }

    /// <summary>A trainer of its own, for contenders that train the network side by side.</summary>
    /// <param name="observers">What watches it.</param>
    public Trainer NewTrainer(IReadOnlyList<ITrainingObserver> observers) =>
        new(build().Initialize(1), new TrainingSet(NewData(_samples.Length)), new TrainerOptions
        {
            Optimizer = optimizer,
            BatchSize = batchSize,
            Epochs = 1 << 20,
            EvaluateEvery = 1 << 20,
            Observers = observers,
        });

    public double SecondsPerStep(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++, _position++)
            Trainer.TakeStep(_samples.AsSpan(_position % Batches * batchSize, batchSize));

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }

    /// <summary>The network with weights.</summary>
    public Module NewNetwork() => build().Initialize(1);

    /// <summary>A batch of so many samples.</summary>
    public Tensor NewInput(int count) => Tensor.From(NewFeatures(count), [count, .. sample]);

    /// <summary>The numbers of so many samples.</summary>
    public float[] NewFeatures(int count) => NewFeatures(count, new RandomStream(1, RandomPurpose.User));

    /// <summary>So many samples with random targets.</summary>
    public Dataset NewData(int count)
    {
        RandomStream stream = new(1, RandomPurpose.User);
        float[] features = NewFeatures(count, stream);
        return IsRegression
            ? Dataset.ForRegression(features, sample, [.. Enumerable.Range(0, count).Select(_ => (float)stream.NextNormal())])
            : Dataset.ForClassification(
                features, sample, [.. Enumerable.Range(0, count).Select(_ => stream.NextInt32(Classes))],
                [.. Enumerable.Range(0, Classes).Select(c => c.ToString())]);
    }

    private float[] NewFeatures(int count, RandomStream stream)
    {
        float[] features = new float[count * Width];
        for (int i = 0; i < features.Length; i++)
            features[i] = Symbols > 0 ? stream.NextInt32(Symbols) : (float)stream.NextNormal();

        return features;
    }
}
