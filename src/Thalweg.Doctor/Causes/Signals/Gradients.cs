namespace Thalweg.Diagnosis;

/// <summary>Gradients that vanish on their way to the first layers.</summary>
internal sealed class VanishingGradients : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.VanishingGradients;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (LayerGradients.Of(signs.Start) is not { Count: >= 3 } gradients || gradients.Last is 0 || gradients.HasTwins)
            return null;
        return Found(Evidence.TimesBelow("first_to_last_gradient", gradients.First / gradients.Last, 1e-2, 4, "AUTOTRAINER, ICSE 2021: 1e-3")
            with
        { Layer = gradients.FirstName }) with
        {
            Weight = 1.4,
            Fixes = List(
                Repairs.Normalized(signs, "relu_and_normalization", "relu"), Repairs.Activation(signs, "unbounded_activation", "relu"),
                Repairs.Initializer(signs)),
        };
    }
}

/// <summary>Gradients that explode on their way to the first layers.</summary>
internal sealed class ExplodingGradients : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ExplodingGradients;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (LayerGradients.Of(signs.Start) is not { Count: >= 3 } gradients || gradients.Last is 0)
            return null;
        double total = signs.GradientNorms.Take(3).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        Evidence ratio = Evidence.TimesAbove("first_to_last_gradient", gradients.First / gradients.Last, 70, 3, "AUTOTRAINER, ICSE 2021: 70");
        Evidence norm = Evidence.TimesAbove("start_gradient_norm", total, 150, 3);
        Evidence decisive = ratio.Strength >= norm.Strength ? ratio with { Layer = gradients.FirstName } : norm;
        return Found(decisive) with
        {
            Weight = 1.4,
            Fixes = List(
                Repairs.Initializer(signs), Repairs.Fields(signs, "clip", ("training.optimizer.clip_norm", "1")),
                Repairs.Normalized(signs, "normalization")),
        };
    }
}

/// <summary>Gradients that explode along the time steps of a recurrent layer.</summary>
internal sealed class ExplodingInTime : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ExplodingInTime;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        Diagnostics.InstrumentReading? worst = signs.Of("gradient_over_time", "factor_per_step")
            .Where(reading => reading.Series is { Count: > 2 }).MaxBy(Growth);
        if (worst is null)
            return null;
        return Found(Evidence.TimesAbove("gradient_growth_in_time", Growth(worst), 30, 4, Cause.Source) with { Layer = worst.Layer }) with
        {
            Weight = 1.6,
            Step = worst.Step,
            Fixes = List(
                Repairs.Fields(signs, "clip", ("training.optimizer.clip_norm", "1")), Repairs.Initializer(signs),
                Repairs.RateTimes(signs, "lower_rate", 0.1)),
        };
    }

    private static double Growth(Diagnostics.InstrumentReading reading) => Math.Pow(reading.Value, reading.Series!.Count - 1);
}

/// <summary>How fast the first and the last hidden weights would move.</summary>
internal sealed record LayerGradients(int Count, double First, double Last, string FirstName, bool HasTwins)
{
    /// <summary>Of a probe; null where there is none.</summary>
    public static LayerGradients? Of(NetworkProbe? probe)
    {
        ProbedParameter[] weights = probe is null ? [] : [.. probe.Parameters.Where(parameter => parameter.IsWeight)];
        return weights.Length == 0 ? null : new LayerGradients(
            weights.Length, weights[0].RelativeGradient, weights[^1].RelativeGradient, weights[0].Name,
            weights.SkipLast(1).Any(parameter => parameter.Twins > 0.5));
    }
}
