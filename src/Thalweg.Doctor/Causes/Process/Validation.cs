namespace Thalweg.Diagnosis;

/// <summary>No validation data.</summary>
internal sealed class ValidationMissing : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ValidationMissing;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Data.ValidationCount > 0 || signs.Trainer.TrainingData.Stream is not null)
            return null;
        return Found(Evidence.Below("validation_samples", 0, 1, 0.3, Cause.Source)) with
        {
            Fixes = List(Repairs.Fields(signs, "validation_share", ("data.split.validation", null))),
        };
    }
}

/// <summary>Too few validation samples.</summary>
internal sealed class ValidationTooSmall : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ValidationTooSmall;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs) => signs.Data.ValidationCount == 0 ? null : Found(
        Evidence.TimesBelow("validation_samples", signs.Data.ValidationCount, 25, 1.4, Cause.Source)) with
    {
        Fixes = List(Repairs.Fields(signs, "validation_share", ("data.split.validation", "0.2"))),
    };
}

/// <summary>Test data that were looked at again and again.</summary>
internal sealed class TestReadTooOften : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.TestReadTooOften;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs) => signs.TestReads < 2 ? null : Found(
        Evidence.TimesAbove("test_reads", signs.TestReads, 3.5, 1.5, Cause.Source)) with
    {
        Fixes = List([Fix.Advice("new_test_data")]),
    };
}

/// <summary>A run that stopped at a pause.</summary>
internal sealed class EarlyStoppingTooEarly : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.EarlyStoppingTooEarly;

    /// <inheritdoc/>
    public override double GainNeeded => 0.7;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Report?.Reason != Training.EndReason.EarlyStopping)
            return null;
        double done = (double)signs.Epochs.Count / signs.Trainer.Options.Epochs;
        int patience = signs.Trainer.Options.Patience;
        return Found(
            Evidence.TimesBelow("patience", patience, 4.5, 1.6, Cause.Source), Evidence.Below("share_of_epochs_done", done, 0.7, 0.15)) with
        {
            Weight = 1.8,
            Step = signs.StepLosses.Count,
            Fixes = List(Repairs.Fields(
                signs, "more_patience",
                ("training.early_stopping.patience", Math.Max(20, 10 * patience).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("training.early_stopping.min_delta", "0"))),
        };
    }
}
