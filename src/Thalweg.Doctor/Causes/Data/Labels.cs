namespace Thalweg.Diagnosis;

/// <summary>Labels that contradict those of their neighbors.</summary>
internal sealed class LabelNoise : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.LabelNoise;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs) => !signs.Data.HasClasses ? null : Found(
        Evidence.Above("contradicted_labels", signs.Data.Contradicted, 0.09, 0.03, Cause.Source)) with
    {
        Weight = 1.5,
        Fixes = List([Fix.Advice("check_labels")]),
    };
}

/// <summary>Classes that lie at the same places.</summary>
internal sealed class OverlappingClasses : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.OverlappingClasses;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs) => !signs.Data.HasClasses ? null : Found(
        Evidence.Above("divided_neighbors", signs.Data.Divided, 0.35, 0.12, Cause.Source),
        Evidence.TimesBelow("contradicted_to_divided", signs.Data.Contradicted / Math.Max(signs.Data.Divided, 1e-9), 0.25, 1.4),
        Evidence.Below("network_ahead_of_neighbors", (signs.Outcome?.Metric ?? double.NaN) - signs.Data.NeighborMetric, 0.05, 0.03),
        Evidence.Above("network_ahead_of_neighbors", (signs.Outcome?.Metric ?? double.NaN) - signs.Data.NeighborMetric, -0.1, 0.04)) with
    {
        Weight = 1.3,
        Fixes = List([Fix.Advice("more_features")]),
    };
}

/// <summary>Too few samples for the network.</summary>
internal sealed class TooLittleData : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.TooLittleData;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Outcome is not { } outcome || signs.Data.ValidationCount == 0)
            return null;
        double gap = outcome.TrainingMetric - outcome.Metric;
        return Found(
            Evidence.TimesBelow("training_samples", signs.Data.Count, 120, 1.6), Evidence.Above("metric_gap", gap, 0.06, 0.03)) with
        {
            Weight = 1.4,
            Fixes = List([Fix.Advice("more_data")], Repairs.Dropout(signs, "more_dropout", 0.3)),
        };
    }
}

/// <summary>A rare class that the network ignores.</summary>
internal sealed class ImbalanceIgnored : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ImbalanceIgnored;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (!signs.Data.HasClasses || signs.Trainer.Options.Sampler is Thalweg.Data.BalancedSampler || signs.Data.Training!.HasWeights)
            return null;
        return Found(
            Evidence.TimesBelow("rarest_class", signs.Data.RarestShare, 0.3, 1.7, Cause.Source),
            Evidence.Below("recall_of_rarest", signs.Outcome?.LowestRecall ?? double.NaN, 0.6, 0.15, Cause.Source)) with
        {
            Weight = 1.7,
            Fixes = List(
                Repairs.Fields(signs, "class_weights", ("data.class_weights", "balanced")),
                Repairs.Fields(signs, "balanced_sampler", ("training.sampler", "balanced"))),
        };
    }
}
