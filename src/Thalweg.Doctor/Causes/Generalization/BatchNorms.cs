using Thalweg.Layers;

namespace Thalweg.Diagnosis;

/// <summary>Batch normalization over a few samples.</summary>
internal sealed class BatchNormTinyBatch : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.BatchnormTinyBatch;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <summary>Whether a network normalizes over the batch.</summary>
    public static bool IsIn(Module network) =>
        network.NamedModules().Any(part => part.Module.GetType().Name.StartsWith("BatchNorm", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int batch = Math.Min(signs.Trainer.Options.MicroBatchSize ?? int.MaxValue, signs.Trainer.BatchSize);
        if (!IsIn(signs.Trainer.Module) || batch > 8)
            return null;
        return Found(Evidence.TimesBelow("normalized_samples", batch, 5, 1.7, Cause.Source)) with
        {
            Weight = 1.9,
            Fixes = List(
                signs.Trainer.Options.MicroBatchSize is null
                    ? Repairs.Batch(signs, "larger_batch", 32)
                    : Repairs.Fields(signs, "larger_batch", ("training.micro_batch_size", null)),
                Repairs.Fields(signs, "no_batch_norm", ("network.normalization", "none"))),
        };
    }
}

/// <summary>Batch normalization that is used with other statistics than it was trained with.</summary>
internal sealed class BatchNormMode : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.BatchnormMode;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <summary>Share of batch normalizations whose running mean is 0 throughout, as at the start; NaN where there are none.</summary>
    public static double Unmoved(Module network)
    {
        Tensor[] means = [.. network.NamedBuffers().Where(buffer => buffer.Name.EndsWith("running_mean", StringComparison.Ordinal))
            .Select(buffer => buffer.Value)];
        return means.Length == 0 ? double.NaN
            : (double)means.Count(mean => mean.To(DType.Float64).ToArray<double>().All(value => value == 0)) / means.Length;
    }

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.End is not { } end || signs.Outcome is not { } outcome || !BatchNormTinyBatch.IsIn(signs.Trainer.Module))
            return null;
        bool hasDropout = signs.Trainer.Module.NamedModules().Any(part => part.Module is Dropout);
        Evidence gap = Evidence.Above(
            "training_to_evaluation_loss", hasDropout || signs.Trainer.BatchSize < 8 ? double.NaN
                : outcome.TrainingLoss - (end.Loss / outcome.TrivialLoss), 0.25, 0.1, Cause.Source);
        Evidence unmoved = Evidence.Above("unmoved_statistics", signs.UnmovedStatistics, 0.5, 0.2, Cause.Source);
        Evidence strongest = gap.Strength >= unmoved.Strength ? gap : unmoved;
        return strongest.Strength <= -2.5 ? null : Found(strongest) with
        {
            Weight = 2,
            Fixes = List(
                signs.Recipe?.Network.Normalization?.StartsWith("batch(", StringComparison.Ordinal) == true && signs.IsNetworkOfRecipe
                    ? Repairs.Fields(signs, "batch_norm_mode", ("network.normalization", "batch")) : [Fix.Advice("batch_norm_mode")]),
        };
    }
}
