using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Training samples learned by heart.</summary>
internal sealed class Overfitting : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Overfitting;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Outcome is not { } outcome || signs.Data.ValidationCount == 0)
            return null;
        double best = signs.Epochs.Where(epoch => epoch.IsEvaluated).Select(epoch => epoch.Validation.Loss / outcome.TrivialLoss)
            .DefaultIfEmpty(double.NaN).Min();
        return Found(
            Evidence.Above("loss_gap", outcome.Loss - outcome.TrainingLoss, 0.3, 0.1, Cause.Source),
            Evidence.Above("validation_rise", outcome.Loss - best, 0.12, 0.06, Cause.Source)) with
        {
            Fixes = List(
                Repairs.Fields(
                    signs, "stop_early", ("training.early_stopping.keep", "best"), ("training.early_stopping.monitor", "loss")),
                Repairs.Dropout(signs, "more_dropout", 0.3)),
        };
    }
}

/// <summary>Probabilities that are too extreme.</summary>
internal sealed class Overconfidence : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Overconfidence;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Outcome is not { Confidence: var confidence } outcome || double.IsNaN(confidence))
            return null;
        double noise = 2 * Math.Sqrt(Math.Max(0.01, outcome.Metric * (1 - outcome.Metric)) / Math.Max(1, outcome.Samples));
        EpochReport[] evaluated = [.. signs.Epochs.Where(epoch => epoch.IsEvaluated && double.IsFinite(epoch.Validation.Loss))];
        double bestLoss = evaluated.Select(epoch => epoch.Validation.Loss / outcome.TrivialLoss).DefaultIfEmpty(double.NaN).Min();
        double bestMetric = evaluated.Select(epoch => epoch.Validation.Metric).DefaultIfEmpty(double.NaN).Max();
        Evidence sure = Evidence.Above("confidence_over_accuracy", confidence - outcome.Metric, Math.Max(0.08, noise), 0.04, Cause.Source);
        Evidence rise = Evidence.Above("validation_rise", outcome.Loss - bestLoss, 0.1, 0.05, Cause.Source);
        return Found(
            sure.Strength >= rise.Strength ? sure : rise,
            Evidence.Below("metric_below_best", bestMetric - outcome.Metric, 0.1, 0.04),
            Evidence.Below("training_loss_share", outcome.TrainingLoss, 0.7, 0.1)) with
        {
            Weight = 1.1,
            Fixes = List(
                Repairs.Fields(
                    signs, "stop_early", ("training.early_stopping.keep", "best"), ("training.early_stopping.monitor", "loss")),
                Repairs.Fields(signs, "label_smoothing", ("training.regularizers", "label_smoothing(0.1)"))),
        };
    }
}
