namespace Thalweg.Diagnosis;

/// <summary>A learning rate that is too high.</summary>
internal sealed class RateTooHigh : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.RateTooHigh;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (!signs.IsNonFinite)
            return null;
        return Found(Evidence.Fact("loss_not_finite", true)) with
        {
            Fixes = ValueList.Of<Fix>(RateTimes(signs.Recipe, "lower_rate", 0.1, 0.01)),
        };
    }
}
