namespace Thalweg.Diagnosis;

/// <summary>Rectifiers that are 0 for all samples.</summary>
internal sealed class DeadRelu : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.DeadRelu;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        ProbedLayer? worst = (signs.End ?? signs.Start)?.Hidden.Where(layer => layer.IsRectifier).MaxBy(layer => layer.Zero);
        if (worst is null || worst.Zero < 0.2)
            return null;
        ProbedLayer? atStart = signs.Start?.Hidden.FirstOrDefault(layer => layer.Path == worst.Path);
        bool isOfStart = atStart is { Zero: > 0.4 };
        return Found(Evidence.Above("zero_units", worst.Zero, 0.6, 0.15, Cause.Source) with { Layer = worst.Path }) with
        {
            Weight = 1.5,
            Step = isOfStart ? 0 : FirstStep(signs, worst),
            Fixes = isOfStart
                ? List(Repairs.Initializer(signs), Repairs.Activation(signs, "leaky", "leaky_relu"))
                : List(Repairs.RateTimes(signs, "lower_rate", 0.1), Repairs.Activation(signs, "leaky", "leaky_relu"), Repairs.Initializer(signs)),
        };
    }

    private static long FirstStep(RunSigns signs, ProbedLayer worst) =>
        signs.Of("dead_units", "zero").FirstOrDefault(reading => reading.Layer == worst.Path && reading.Value >= 0.6)?.Step ?? 0;
}

/// <summary>Activations in their flat parts.</summary>
internal sealed class Saturation : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Saturation;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        ProbedLayer? worst = (signs.End ?? signs.Start)?.Hidden.Where(layer => layer.IsSquashing).MaxBy(layer => layer.Saturated);
        if (worst is null)
            return null;
        return Found(Evidence.Above("saturated_share", worst.Saturated, 0.6, 0.15, Cause.Source) with { Layer = worst.Path }) with
        {
            Weight = 1.2,
            Step = signs.Of("saturated_share", "saturated").FirstOrDefault(
                reading => reading.Layer == worst.Path && reading.Value >= 0.6)?.Step ?? 0,
            Fixes = List(
                Repairs.Initializer(signs), Repairs.Activation(signs, "unbounded_activation", "relu"),
                Repairs.Normalized(signs, "normalization")),
        };
    }
}

/// <summary>Hidden layers without a function.</summary>
internal sealed class ActivationMissing : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.ActivationMissing;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Start is not { } start || signs.Trainer.Module.NamedModules().Any(part => GradientCheck.IsForeign(part.Module.GetType())))
            return null;
        int weights = start.Parameters.Count(parameter => parameter.IsWeight);
        bool isLinear = weights >= 2 && start.Hidden.All(layer => layer.Function is "none" or "");
        return isLinear ? Found(Evidence.Fact("no_hidden_function", true, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(Repairs.Activation(signs, "hidden_activation", "relu")),
        } : null;
    }
}
