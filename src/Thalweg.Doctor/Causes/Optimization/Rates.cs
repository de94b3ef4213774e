namespace Thalweg.Diagnosis;

/// <summary>A learning rate that is too high.</summary>
internal sealed class RateTooHigh : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.RateTooHigh;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        // A lower rate helps a run that learns by heart too, as it learns less.
        if (!signs.IsNonFinite && signs.Outcome is { TrainingLoss: < 0.15 } learned && learned.Loss - learned.TrainingLoss > 0.3)
            return null;
        Evidence[] any =
        [
            Evidence.Fact("loss_not_finite", signs.IsNonFinite),
            Evidence.TimesAbove("loss_jump", signs.Curves.LargestJump.Factor, 4, 2),
            Evidence.TimesAbove("stability_ratio", signs.Median("edge_of_stability", "ratio", 0.6), 1.2, 2, Cause.Source),
            Evidence.TimesAbove("update_ratio", signs.Median("update_ratio", "ratio"), 0.03, 2),
            Evidence.Above("rising_epochs", signs.Curves.RisingShare, 0.4, 0.15),
        ];
        Evidence strongest = any.MaxBy(evidence => evidence.Strength)!;
        return strongest.Strength <= -1.5 ? null : Found(strongest) with
        {
            Weight = 1.3,
            Step = signs.IsNonFinite || strongest.Quantity == "loss_jump" ? signs.Curves.LargestJump.Step : 0,
            Fixes = List(Repairs.RateTimes(signs, "lower_rate", 0.1, 0.01)),
        };
    }
}

/// <summary>A learning rate that is too low.</summary>
internal sealed class RateTooLow : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.RateTooLow;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        double ratio = signs.Median("update_ratio", "ratio"), travel = ratio * signs.StepLosses.Count;
        return Found(
            Evidence.TimesBelow("update_ratio", ratio, 1e-3, 3), Evidence.TimesBelow("weight_travel", travel, 1, 2.5),
            Underfits(signs)) with
        {
            Weight = 1.3,
            Fixes = List(Repairs.RateTimes(signs, "raise_rate", 30, 300)),
        };
    }
}

/// <summary>Sharpness at the limit of the optimizer.</summary>
internal sealed class EdgeOfStabilityReached : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.EdgeOfStability;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.IsNonFinite)
            return null;
        return Found(
            Evidence.Above("stability_ratio", signs.Median("edge_of_stability", "ratio", 0.6), 0.9, 0.1, Cause.Source),
            Evidence.Above("rising_epochs", signs.Curves.RisingShare, 0.25, 0.1)) with
        {
            Fixes = List(Repairs.RateTimes(signs, "lower_rate", 0.3, 0.1)),
        };
    }
}

/// <summary>A constant rate that ends at a noise floor.</summary>
internal sealed class RateNotDecayed : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.RateNotDecayed;

    /// <inheritdoc/>
    public override double GainNeeded => 0.2;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Recipe?.Training.Optimizer.Schedule != "constant" || signs.IsNonFinite || signs.Trainer.Mode == Training.BatchMode.FullBatch)
            return null;
        return Found(
            Evidence.Above("rising_epochs", signs.Curves.RisingShare, 0.2, 0.1),
            Evidence.TimesAbove("update_ratio", signs.Median("update_ratio", "ratio", 0.3), 2e-3, 2)) with
        {
            Weight = 1.2,
            Fixes = List(Repairs.Fields(
                signs, "decay_rate", ("training.optimizer.schedule", "cosine"), ("training.optimizer.warmup", "0"))),
        };
    }
}

/// <summary>Momentum that remembers too much.</summary>
internal sealed class MomentumTooHigh : Diagnoser
{
    private static readonly string[] s_names = ["mu", "b1"];

    /// <inheritdoc/>
    public override Cause Cause => Cause.MomentumTooHigh;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (OptimizerOf(signs) is not { } optimizer)
            return null;
        foreach (string name in s_names)
        {
            if (OptimizerNumbers.Find(optimizer, name) is { } momentum && momentum > 0.93)
            {
                return Found(Evidence.Above("momentum", momentum, 0.96, 0.015, Cause.Source)) with
                {
                    Weight = 1.8,
                    Fixes = List(Repairs.OptimizerSetting(signs, "lower_momentum", name, "0.9")),
                };
            }
        }

        return null;
    }
}

/// <summary>Clipping that limits every step.</summary>
internal sealed class ClippingEveryStep : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ClippingEveryStep;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Recipe?.Training.Optimizer.ClipNorm is not { } limit || signs.GradientNorms.Count == 0)
            return null;
        double clipped = (double)signs.GradientNorms.Count(norm => norm > limit) / signs.GradientNorms.Count;
        double usual = signs.GradientNorms.Order().ElementAt(signs.GradientNorms.Count / 2);
        return Found(
            Evidence.Above("clipped_steps", clipped, 0.9, 0.05, Cause.Source),
            Evidence.TimesAbove("norm_to_limit", usual / limit, 3, 3)) with
        {
            Weight = 1.8,
            Fixes = List(
                Repairs.Fields(signs, "no_clip", ("training.optimizer.clip_norm", null)),
                Repairs.Fields(signs, "clip", ("training.optimizer.clip_norm", (2 * usual).ToString("g3", System.Globalization.CultureInfo.InvariantCulture)))),
        };
    }
}
