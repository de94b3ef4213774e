namespace Thalweg.Diagnosis;

/// <summary>A gradient that is mostly noise.</summary>
internal sealed class GradientNoiseTooLarge : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.GradientNoise;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int batch = signs.Trainer.BatchSize;
        double scale = signs.Median("gradient_noise", "noise_scale", 0.7);
        if (batch >= signs.Data.Count)
            return null;
        Evidence noise = batch < 2
            ? Evidence.Below("batch_size", batch, 2, 1, Cause.Source)
            : Evidence.TimesAbove("noise_scale_to_batch", scale / batch, 30, 3, Cause.Source);
        return Found(
            noise, Evidence.TimesAbove("update_ratio", signs.Median("update_ratio", "ratio", 0.5), 3e-3, 2),
            Underfits(signs, 0.05)) with
        {
            Weight = 1.5,
            Fixes = List(Repairs.Batch(signs, "larger_batch", Math.Max(32, batch * 8)), Repairs.RateTimes(signs, "lower_rate", 0.1)),
        };
    }
}

/// <summary>A batch that leaves too few updates.</summary>
internal sealed class BatchTooLarge : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.BatchTooLarge;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int batch = signs.Trainer.BatchSize;
        double perEpoch = (double)signs.Data.Count / Math.Max(1, batch);
        return Found(
            Evidence.TimesAbove("batch_size", batch, 100, 1.8), Evidence.TimesBelow("steps_per_epoch", perEpoch, 8, 2),
            Underfits(signs, 0.1)) with
        {
            Weight = 1.1,
            Fixes = List(Repairs.Batch(signs, "smaller_batch", Math.Min(32, Math.Max(8, batch / 16)))),
        };
    }
}

/// <summary>A batch that gives a gradient of noise.</summary>
internal sealed class BatchTooSmall : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.BatchTooSmall;

    /// <inheritdoc/>
    public override double GainNeeded => 0.6;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int batch = signs.Trainer.BatchSize;
        return batch > 8 || batch >= signs.Data.Count ? null : Found(Evidence.TimesBelow("batch_size", batch, 4.5, 1.8)) with
        {
            Weight = 1.45,
            Fixes = List(Repairs.Batch(signs, "larger_batch", 32)),
        };
    }
}
