using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench.Accuracy;

/// <summary>fmnist-2c2d as DeepOBS (Schneider, Balles, Hennig, ICLR 2019) runs it: constant rate 0.158, batches of 128, no
/// augmentation, no penalty.</summary>
/// <remarks>As there, weights start as a truncated normal law of deviation 0.05, biases at 0.05, and a last smaller batch
/// is left out.</remarks>
internal sealed class AccuracyRun
{
    public const int BatchSize = 128;
    private const double Rate = 0.158, Start = 0.05;

    /// <summary>Epochs after which the test images are looked at.</summary>
    private static readonly int[] s_tested = [5, 10];

    private readonly FashionData _data;
    private readonly Trainer _trainer;

    /// <summary>Prepares the run.</summary>
    /// <param name="data">The images.</param>
    /// <param name="epochs">Epochs, at least 1.</param>
    /// <param name="seed">Seed of weights and order.</param>
    public AccuracyRun(FashionData data, int epochs, ulong seed)
    {
        _data = data;
        Module network = PeerCases.ConvolutionNetwork();
        foreach ((_, Parameter parameter) in network.NamedParameters())
            parameter.Initializer = parameter.Role == ParameterRole.Bias ? Initializer.Constant(Start) : Initializer.TruncatedNormal(Start);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(Rate),
            BatchSize = BatchSize,
            LastBatch = LastBatch.Dropped,
            Epochs = epochs,
            Patience = 0,
            RestoreBest = false,
            Seed = seed,
        };
        _trainer = new Trainer(network, data.Training, data.Stand, options);
        _trainer.EpochEnded += Report;
    }

    /// <summary>Steps of the whole run.</summary>
    public long Steps => _trainer.TotalSteps;

    /// <summary>Trains to the end and prints each epoch.</summary>
    /// <returns>Seconds of training alone, without evaluations.</returns>
    /// <exception cref="ThalwegException">The loss was no longer finite.</exception>
    public double Train()
    {
        TrainingReport report = _trainer.Fit();
        return report.Failure is null
            ? report.Epochs.Sum(epoch => epoch.Seconds)
            : throw new ThalwegException($"[accuracy] {report.Failure}");
    }

    private void Report(EpochReport epoch)
    {
        int number = epoch.Epoch + 1;
        string test = "";
        if (s_tested.Contains(number))
        {
            Dataset images = _data.Test.Read($"accuracy after {number} epochs");
            test = Text($", test accuracy {new Evaluator(_trainer.Module, _trainer.Loss).Evaluate(images).Accuracy:P2}");
        }

        Evaluation training = epoch.Training;
        Console.WriteLine(
            Text($"epoch {number}: {epoch.Seconds:F1} s, training loss {training.Loss:F4}, accuracy {training.Accuracy:P2}{test}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
