namespace Thalweg.Diagnosis;

/// <summary>Features of large or very different scales.</summary>
internal sealed class UnscaledInputs : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.UnscaledInputs;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        bool isTable = signs.Data.Training?.FeatureShape.Count == 1;
        Evidence size = Evidence.TimesAbove(
            "largest_input", signs.Last("feature_scaling", "largest_magnitude"), 20, 2.5, "AUTOTRAINER, ICSE 2021: 10");
        Evidence ratio = Evidence.TimesAbove("scale_ratio", isTable ? signs.Last("feature_scaling", "deviation_ratio") : 1, 50, 3, Cause.Source);
        Evidence offset = Evidence.TimesAbove("mean_offset", isTable ? signs.Last("feature_scaling", "mean_offset") : 0, 10, 2, Cause.Source);
        Evidence strongest = new[] { size, ratio, offset }.MaxBy(evidence => evidence.Strength)!;
        return strongest.Strength <= -2 ? null : Found(strongest) with
        {
            Weight = 1.9,
            Fixes = List(Repairs.ScaledInputs(signs)),
        };
    }
}

/// <summary>Features that do not vary.</summary>
internal sealed class ConstantInput : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ConstantInput;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Data.Training is not { } training)
            return null;
        int width = training.FeatureShape.Aggregate(1, (product, size) => product * size);
        double share = signs.Last("feature_scaling", "constant") / width;
        return Found(Evidence.Above("constant_features", share, training.FeatureShape.Count == 1 ? 0.2 : 0.75, 0.1, Cause.Source)) with
        {
            Weight = 1.9,
            Fixes = List([Fix.Advice("vary_inputs")]),
        };
    }
}

/// <summary>Features that hold the target, or samples that lie in both parts.</summary>
internal sealed class Leakage : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Leakage;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        Evidence feature = Evidence.Above("feature_tells_target", signs.Last("leaking_features", "largest"), 0.98, 0.01, Cause.Source);
        Evidence shared = Evidence.Above("shared_samples", signs.Data.Shared, 0.08, 0.04, Cause.Source);
        Evidence strongest = feature.Strength >= shared.Strength ? feature : shared;
        return strongest.Strength <= -2 ? null : Found(strongest) with
        {
            Weight = 1.8,
            Fixes = List([Fix.Advice("remove_leak")]),
        };
    }
}

/// <summary>Batches of neighboring, similar samples.</summary>
internal sealed class UnshuffledData : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.UnshuffledData;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Trainer.Options.Sampler is not Thalweg.Data.SequentialSampler || signs.Trainer.Mode == Training.BatchMode.FullBatch)
            return null;
        double order = signs.Data.HasClasses ? signs.Last("class_order", "excess") : signs.Data.TargetOrder;
        return Found(Evidence.Above("order_of_targets", order, 0.3, 0.15, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(Repairs.Fields(signs, "shuffle", ("training.sampler", null))),
        };
    }
}
