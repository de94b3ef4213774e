using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Training;

/// <summary>The learning-rate range test: a short run whose rate grows from step to step until the loss explodes.</summary>
/// <remarks>
/// Formula: rate_i = low (high/low)^(i/(n-1)); the loss is smoothed by an average of decay 0.95 without start bias; the run ends where that
/// exceeds 4 times its least. Suggested is the rate of the steepest fall per decade. Source: Smith, Cyclical learning rates for training
/// neural networks (2017), section 3.3, with the geometric growth, smoothing and stop of fastai. Weights and buffers are put back, and
/// nothing else of the network changes.
/// </remarks>
public static class LearningRateRangeTest
{
    private const double Smoothing = 0.95, Explosion = 4;
    private const int LeastPoints = 10;

    /// <summary>Makes the test.</summary>
    /// <param name="module">The network; initialized with the seed of the options if it has no values yet.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="options">How to train; every rate of the optimizer is replaced.</param>
    /// <param name="range">Rates and steps; default 1e-7 to 10 in 100 steps.</param>
    /// <exception cref="ThalwegException">An option is out of range, or a minimizer makes the updates, which have no rate to
    /// find.</exception>
    public static LearningRateRangeResult Run(Module module, TrainingSet training, TrainerOptions options, LearningRateRange? range = null)
    {
        LearningRateRange rates = range ?? new LearningRateRange();
        rates.Check();
        if (options.Minimizer is not null || !options.Optimizer.OfType<ScaleByLearningRate>().Any())
        {
            throw new ThalwegException(
                "[lr-find] expected an optimizer with scale_by_learning_rate, got one without a rate; choose another");
        }

        GrowthSchedule growth = new(rates.Low, 1) { Factor = Math.Pow(rates.High / rates.Low, 1.0 / (rates.Steps - 1)), End = rates.High };
        Chain chain = [.. options.Optimizer.Select(rule => rule is ScaleByLearningRate rate ? rate with { LearningRate = growth } : rule)];
        TrainerOptions climb = options with { Optimizer = chain, Epochs = rates.Steps, EvaluateEvery = int.MaxValue, Observers = [] };
        Trainer trainer = new(module, training, new ValidationSet(training.Data), climb);
        bool wasTraining = module.IsTraining;
        List<LearningRatePoint> points = Climb(trainer, rates.Steps, growth);
        trainer.RestoreBest();
        module.SetTraining(wasTraining);
        return new LearningRateRangeResult(points, Steepest(points));
    }

    private static List<LearningRatePoint> Climb(Trainer trainer, int steps, GrowthSchedule growth)
    {
        List<LearningRatePoint> points = [];
        double average = 0, least = double.PositiveInfinity;
        foreach (StepReport step in trainer.Steps())
        {
            average = (Smoothing * average) + ((1 - Smoothing) * step.Loss);
            double smoothed = average / (1 - Math.Pow(Smoothing, step.Step + 1));
            points.Add(new LearningRatePoint(growth.At(step.Step), step.Loss, smoothed));
            least = Math.Min(least, smoothed);
            if (points.Count == steps || (points.Count > LeastPoints && smoothed > Explosion * least))
            {
                break;
            }
        }

        return points;
    }

    /// <summary>
    /// Rate of the steepest fall of the smoothed loss per decade, before its least; NaN where it never falls. The first points are averages
    /// of few batches, whose noise would win.
    /// </summary>
    private static double Steepest(List<LearningRatePoint> points)
    {
        (double rate, double steepest) = (double.NaN, 0);
        int end = points.Count == 0 ? 0 : points.IndexOf(points.MinBy(point => point.Smoothed)!);
        for (int i = Math.Min(LeastPoints, end / 2) + 1; i < end; i++)
        {
            double slope = (points[i + 1].Smoothed - points[i - 1].Smoothed) / Math.Log10(points[i + 1].Rate / points[i - 1].Rate);
            (rate, steepest) = slope < steepest ? (points[i].Rate, slope) : (rate, steepest);
        }

        return rate;
    }
}

/// <summary>Rates of a range test.</summary>
public sealed record LearningRateRange
{
    /// <summary>First rate, above 0; default 1e-7.</summary>
    public double Low { get; init; } = 1e-7;

    /// <summary>Last rate, above the first; default 10.</summary>
    public double High { get; init; } = 10;

    /// <summary>Steps, 10 or more; default 100.</summary>
    public int Steps { get; init; } = 100;

    internal void Check()
    {
        if (!(Low > 0 && High > Low && double.IsFinite(High)) || Steps < 10)
        {
            throw new ThalwegException(
                $"[lr-find] expected rates with 0 < low < high and 10 or more steps, got {Low}, {High} and {Steps}; give others");
        }
    }
}

/// <summary>One step of a range test.</summary>
/// <param name="Rate">Learning rate of the step.</param>
/// <param name="Loss">Mean loss of its batch, before the update.</param>
/// <param name="Smoothed">Smoothed loss.</param>
public sealed record LearningRatePoint(double Rate, double Loss, double Smoothed);

/// <summary>What a range test found.</summary>
/// <param name="Points">The curve, by ascending rate, up to where the loss exploded.</param>
/// <param name="Suggested">Rate of the steepest fall; NaN where the loss never fell: then the rates were too high or too low.</param>
public sealed record LearningRateRangeResult(IReadOnlyList<LearningRatePoint> Points, double Suggested)
{
    /// <summary>The point of the least smoothed loss: at this rate training is at the edge, a tenth of it is a cautious choice; null where
    /// no step was finite.</summary>
    public LearningRatePoint? Least => Points.MinBy(point => point.Smoothed);
}
