using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>log cosh(y - t) of each output y and target t: like the square near 0, like the absolute value far away.</summary>
internal sealed record LogCoshLoss : ElementLoss
{
    public override string Name => "log_cosh";

    // |d| + log(1 + e^(-2|d|)) - log 2, which does not overflow.
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        Tensor distance = (outputs - targets).Abs();
        return distance + (distance * -2).Softplus() - Math.Log(2);
    }
}

internal static class CustomLoss
{
    public static void Run(TextWriter output)
    {
        Sequential network = new(new Dense(1, 32, Activation.Tanh), new Dense(32, 1));
        TrainerOptions options = new() { Loss = new LogCoshLoss(), Epochs = 60 };
        Trainer trainer = new(network, new TrainingSet(Waves(400, seed: 1)), new ValidationSet(Waves(100, seed: 2)), options);
        Evaluation best = trainer.Fit().Best!.Validation;
        output.WriteLine($"R2 on validation data {best.R2:f3}, mean log cosh {best.Loss:f4}");
    }

    /// <summary>sin 3x, where each tenth target is far off.</summary>
    private static Dataset Waves(int count, int seed)
    {
        Random random = new(seed);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] y = [.. x.Select((value, i) => MathF.Sin(3 * value) + (i % 10 == 0 && seed == 1 ? 5 : 0))];
        return Dataset.ForRegression(x, [1], y);
    }
}
