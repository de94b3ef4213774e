using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>Writes the size of the gradient now and then, and ends a run that is good enough.</summary>
internal sealed class GradientLog(TextWriter log) : ITrainingObserver
{
    public void GradientReady(Trainer trainer, in StepGradientReport gradient)
    {
        if (gradient.Step % 20 == 0)
            log.WriteLine($"step {gradient.Step}: {gradient.Parameters.Named.Sum(p => p.Gradient.Square().Sum().Item()):g3}");
    }

    public void EpochEnded(Trainer trainer, EpochReport epoch)
    {
        if (epoch.Validation.Accuracy > 0.85)
            trainer.RequestStop("good enough");
    }
}

internal static class CustomObserver
{
    public static void Run(TextWriter output)
    {
        DataSplit data = DataSource.Open("moons").Split();
        Sequential network = new(new Dense(2, 16, Activation.Tanh), new Dense(16, 2));
        TrainerOptions options = new() { Optimizer = new AdamW(1e-2), Epochs = 50, Observers = [new GradientLog(output)] };
        TrainingReport report = new Trainer(network, data.Training, data.Validation, options).Fit();
        output.WriteLine($"{report.Reason} after {report.Epochs.Count} epochs: {report.Note}");
    }
}
