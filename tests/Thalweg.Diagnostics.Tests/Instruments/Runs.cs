using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Small trainings in double, for the tests of instruments.</summary>
internal static class Runs
{
    public const int Batch = 12;

    /// <summary>The four networks.</summary>
    public static TheoryData<string> Networks() => ["dense", "convolution", "recurrent", "batch norm"];

    public static Module Make(string network) => network switch
    {
        "dense" => new Sequential(new Dense(6, 12, Activation.Tanh), new Dense(12, 9, Activation.Relu), new Dense(9, 3)),
        "convolution" => new Sequential(
            new Conv2d(1, 4, 3, new() { Activation = Activation.Relu }), new Flatten(), new Dense(64, 3)),
        "recurrent" => new Sequential(new Rnn(4, 7, options: new() { AllSteps = false }), new Dense(7, 3)),
        "lstm" => new Sequential(new Lstm(4, 5, new() { AllSteps = false }), new Dense(5, 3)),
        "gru" => new Sequential(new Gru(4, 5, new() { AllSteps = false }), new Dense(5, 3)),
        "batch norm" => new Sequential(new Dense(6, 10), new BatchNorm1d(10), new Dense(10, 8, Activation.Sigmoid), new Dense(8, 3)),
        _ => throw new ArgumentException(network),
    };

    public static Dataset Data(string network, int samples = 60, ulong seed = 5)
    {
        int[] shape = network switch
        {
            "convolution" => [1, 6, 6],
            "recurrent" or "lstm" or "gru" => [5, 4],
            _ => [6],
        };
        int width = shape.Aggregate(1, (product, size) => product * size);
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] x = [.. Enumerable.Range(0, samples * width).Select(_ => (float)stream.NextNormal())];
        int[] labels = [.. Enumerable.Range(0, samples).Select(i => x[i * width] > 0.4 ? 2 : x[(i * width) + 1] > 0 ? 1 : 0)];
        return Dataset.ForClassification(x, shape, labels, ["a", "b", "c"]);
    }

    public static Trainer New(string network, TrainerOptions options, DType dtype = DType.Float64,
        params IReadOnlyList<ITrainingObserver> observers)
    {
        Module module = Make(network).Initialize(3, dtype);
        return new Trainer(
            module, new TrainingSet(Data(network)), new ValidationSet(Data(network, 30, 9)),
            options with { BatchSize = Batch, Observers = [.. options.Observers, .. observers] });
    }

    public static TrainerOptions Options(int epochs = 2, NamedOptimizer? optimizer = null) =>
        new() { Optimizer = optimizer ?? new AdamW(0.02), Epochs = epochs, Patience = 0 };

    /// <summary>A panel without a limit.</summary>
    public static InstrumentPanel Panel(params IReadOnlyList<Instrument> instruments) =>
        new(new InstrumentPanelOptions { Instruments = instruments, Budget = double.PositiveInfinity });

    public static byte[] Bytes(Trainer trainer) => trainer.Parameters.Values.DType == DType.Float32
        ? [.. trainer.Parameters.Values.ToArray<float>().SelectMany(BitConverter.GetBytes)]
        : [.. trainer.Parameters.Values.ToArray<double>().SelectMany(BitConverter.GetBytes)];

    /// <summary>All instruments, all due at once and often.</summary>
    public static IReadOnlyList<Instrument> Everything(int every) =>
        [.. InstrumentSets.Full.Select(instrument => instrument with { When = new EverySteps(every) })];

    /// <summary>Readings that must be equal to the bit.</summary>
    public static InstrumentReading[] Exact(InstrumentPanel panel) => [.. panel.Readings.Where(reading => !reading.IsTime)];
}
