namespace Thalweg.Diagnosis;

/// <summary>Where a number became infinite or NaN.</summary>
internal sealed class NonFiniteOrigin : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.NonfiniteOrigin;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        bool isAtStart = signs.Start is { FirstNonFinite: not null } || signs.StepLosses.FirstOrDefault(0) is var first && !double.IsFinite(first);
        if (!signs.IsNonFinite && !isAtStart)
            return null;
        int found = signs.StepLosses.FindIndex(loss => !double.IsFinite(loss)), step = found < 0 ? signs.StepLosses.Count : found;

        // A divergence grows over some steps; what overflows in one is a function, not the rate.
        double before = Math.Max(Growth(signs.StepLosses, step), Growth(signs.GradientNorms, step));
        Evidence sudden = isAtStart ? Evidence.Fact("loss_not_finite", true, Cause.Source)
            : Evidence.TimesBelow("growth_before_overflow", before, 10, 4, Cause.Source);
        return Found(Evidence.Fact("loss_not_finite", true, Cause.Source), sudden) with
        {
            Step = step,
            Weight = isAtStart ? 3 : 1,
            Note = signs.Start?.FirstNonFinite ?? signs.End?.FirstNonFinite ?? signs.Report?.Failure,
            Fixes = List(
                isAtStart ? [Fix.Advice("finite_inputs")] : Repairs.RateTimes(signs, "lower_rate", 0.1, 0.01),
                Repairs.Fields(signs, "clip", ("training.optimizer.clip_norm", "1"))),
        };
    }

    private static double Growth(List<double> values, int count) =>
        values.Count == 0 || count == 0 ? 1 : values.Take(count).Max() / Math.Max(values[0], 1e-12);
}

/// <summary>A module whose gradient is not the derivative of what it computes.</summary>
internal sealed class WrongGradient : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.WrongGradient;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.GradientCheck is not { } check)
            return null;
        return Found(Evidence.TimesAbove("gradient_error", check.Error, 0.15, 2, Cause.Source) with { Layer = check.Parameter }) with
        {
            Experiment = "gradient_check",
            Weight = 3,
            Note = check.Operation,
            Fixes = List([Fix.Advice("correct_gradient")]),
        };
    }
}
