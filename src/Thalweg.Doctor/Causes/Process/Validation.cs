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
            Fixes = ValueList.Of<Fix>([signs.Recipe is { } recipe
                ? Fix.Of("validation_share", recipe, ("data.split.validation", null))
                : Fix.Advice("validation_share")]),
        };
    }
}
