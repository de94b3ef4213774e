using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Samples;

internal static class TransferLearning
{
    public static void Run(TextWriter output)
    {
        // A body that has learned to tell ten digits apart ...
        DataSplit digits = DataSource.Open("glyphs").Split();
        Sequential teacher = new(Body(), new Dense(64, 10));
        new Trainer(teacher, digits.Training, digits.Validation, new TrainerOptions { Epochs = 3 }).Fit();

        // ... under a new head, for 200 samples of the same kind.
        DataSplit few = DataSource.Open("glyphs", new DataOptions { SampleCount = 300, Seed = 7 }).Split();
        Sequential student = new(Body(), new Dense(64, 10));
        student.Initialize(seed: 2);
        TransferReport report = Transfer.FromModule(student, teacher, "0.*");
        student.Modules[0].Module.Freeze();
        byte[] before = Bits(student);
        TrainerOptions options = new() { Optimizer = new AdamW(1e-2), Epochs = 20 };
        TrainingReport training = new Trainer(student, few.Training, few.Validation, options).Fit();
        output.WriteLine($"{report.Matched.Count()} tensors taken over; accuracy on validation data {training.Best!.Validation.Accuracy:P1}");
        output.WriteLine($"the body has {(Bits(student).SequenceEqual(before) ? "the bits it came with" : "moved")}");
    }

    private static Sequential Body() => new(new Flatten(), new Dense(784, 64, Activation.Relu));

    private static byte[] Bits(Sequential network) =>
    [
        .. network.NamedParameters().Where(p => p.Name.StartsWith("0.", StringComparison.Ordinal))
            .SelectMany(p => p.Parameter.Value.ToArray<float>()).SelectMany(BitConverter.GetBytes),
    ];
}
