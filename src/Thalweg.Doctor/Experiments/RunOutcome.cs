using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>What a run, or a replay of it, came to, in figures that compare.</summary>
/// <param name="Loss">Loss on validation data of the weights that the run keeps, as a share of that of the trivial answer: 1 is as bad, 0 the
/// best; at most 2. Without validation data that of training.</param>
/// <param name="Metric">Accuracy, R2 or F1 there; R2 below -1 counts as -1. NaN where the task has none.</param>
/// <param name="TrainingLoss">The same loss on the training data.</param>
/// <param name="TrainingMetric">The same metric on the training data.</param>
/// <param name="Samples">Samples that the metric was taken on.</param>
public sealed record TrainingOutcome(double Loss, double Metric, double TrainingLoss, double TrainingMetric, int Samples)
{
    /// <summary>Why the run ended.</summary>
    public EndReason Reason { get; init; }

    /// <summary>Steps that it took.</summary>
    public long Steps { get; init; }

    /// <summary>Samples that it went forward and backward with, evaluations left aside: its counted work.</summary>
    public double Work { get; init; }

    /// <summary>Loss of the last epoch on validation data, as a share of that of the trivial answer.</summary>
    public double LastLoss { get; init; }

    /// <summary>Loss of the trivial answer on the training data, by which losses are divided: entropy of the classes, variance of
    /// numbers.</summary>
    public double TrivialLoss { get; init; } = 1;

    /// <summary>Mean probability of the most probable class on the validation data; NaN where there are no classes.</summary>
    public double Confidence { get; init; } = double.NaN;

    /// <summary>Share of the samples of the class that is recognized least which are; NaN where there are no classes.</summary>
    public double LowestRecall { get; init; } = double.NaN;

    /// <summary>The figures of a run that is over; the network holds the weights that it keeps.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="report">Its result.</param>
    internal static TrainingOutcome Of(Trainer trainer, TrainingReport report)
    {
        Dataset training = trainer.TrainingData.Data;
        double trivial = LossOfTrivial(trainer, training);
        Evaluator evaluator = new(trainer.Module, trainer.Loss);
        Evaluation onTraining = Evaluate(evaluator, training, trainer, out Predictions? predictions);
        Evaluation onValidation = trainer.ValidationData is { Data.Count: > 0 } validation
            ? Evaluate(evaluator, validation.Data, trainer, out predictions) : onTraining;
        (double confidence, double recall) = OfClasses(training, predictions);
        Evaluation? last = report.Epochs.LastOrDefault(epoch => epoch.IsEvaluated)?.Validation;
        return new TrainingOutcome(
            Share(onValidation.Loss, trivial), Bounded(onValidation), Share(onTraining.Loss, trivial), Bounded(onTraining),
            onValidation.Samples)
        {
            Reason = report.Reason,
            Steps = report.Steps,
            Work = (double)report.Steps * trainer.BatchSize,
            TrivialLoss = trivial,
            Confidence = confidence,
            LowestRecall = recall,
            LastLoss = last is null ? Share(onValidation.Loss, trivial) : Share(last.Loss, trivial),
        };
    }

    private static (double Confidence, double LowestRecall) OfClasses(Dataset training, Predictions? predictions)
    {
        if (predictions is not { Classes: > 1, Count: > 0 } || training.Task is not ClassificationTask)
            return (double.NaN, double.NaN);
        MetricBatch batch = predictions.Batch;
        double[] right = new double[predictions.Classes], all = new double[predictions.Classes];
        double sum = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<double> probabilities = batch.Probabilities(i);
            double most = 0;
            foreach (double probability in probabilities)
                most = Math.Max(most, probability);
            sum += most;
            int label = batch.Label(i);
            all[label]++;
            right[label] += batch.PredictedClass(i) == label ? 1 : 0;
        }

        return (sum / batch.Count, Enumerable.Range(0, all.Length).Where(label => all[label] > 0).Min(label => right[label] / all[label]));
    }

    private static Evaluation Evaluate(Evaluator evaluator, Dataset data, Trainer trainer, out Predictions? predictions)
    {
        bool wasTraining = trainer.Module.IsTraining;
        try
        {
            return evaluator.Evaluate(data, out predictions);
        }
        finally
        {
            trainer.Module.SetTraining(wasTraining);
        }
    }

    private static double Share(double loss, double trivial) => double.IsFinite(loss) ? Math.Clamp(loss / trivial, -2, 2) : 2;

    private static double Bounded(Evaluation evaluation)
    {
        double metric = evaluation.Metric;
        return evaluation.Task.MetricName == "negative loss" ? double.NaN : double.IsNaN(metric) ? double.NaN : Math.Max(-1, metric);
    }

    /// <summary>Loss of the trivial answer: entropy of the classes; of numbers the mean loss of the zero of standardized units, which is
    /// their mean.</summary>
    private static double LossOfTrivial(Trainer trainer, Dataset data)
    {
        if (data.Task.HasClasses && data.ClassNames.Count > 1 && data.Task.Targets.Count == 1)
        {
            int[] counts = data.CountClasses();
            double all = counts.Sum(), entropy = 0;
            foreach (int count in counts.Where(count => count > 0))
                entropy -= count / all * Math.Log(count / all);
            return Math.Max(entropy, 0.05);
        }

        if (!data.HasTargets || data.Task.Targets.Count != 1)
            return 1;
        double[] targets = Targets(data);
        if (targets.Length == 0)
            return 1;
        double mean = targets.Average();
        return Math.Max(targets.Average(target => (target - mean) * (target - mean)), 1e-12);
    }

    private static double[] Targets(Dataset data)
    {
        int rows = Math.Min(data.Count, 4096);
        Tensor targets = data.Take([.. Enumerable.Range(0, rows)], DType.Float64).Targets[0];
        return targets.DType.IsFloat() ? targets.To(DType.Float64).Contiguous().ToArray<double>() : [];
    }
}
