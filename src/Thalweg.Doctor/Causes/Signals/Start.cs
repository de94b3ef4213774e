namespace Thalweg.Diagnosis;

/// <summary>Units that start alike.</summary>
internal sealed class SymmetricStart : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.SymmetricStart;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        ProbedParameter? worst = signs.Start?.HiddenWeights.MaxBy(parameter => parameter.Twins);
        if (worst is null || worst.Twins == 0)
            return null;
        return Found(Evidence.Above("twin_units", worst.Twins, 0.5, 0.15, Cause.Source) with { Layer = worst.Name }) with
        {
            Weight = 2,
            Fixes = List(Repairs.Initializer(signs)),
        };
    }
}

/// <summary>Starting weights that are too large.</summary>
internal sealed class WeightsTooLarge : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.WeightsTooLarge;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Start is not { Layers.Count: > 0 } start)
            return null;
        double input = Math.Max(1, double.IsNaN(start.InputRms) ? 1 : start.InputRms);
        Evidence outputs = Evidence.TimesAbove("start_output_deviation", start.OutputDeviation / input, 5, 2, Cause.Source);
        // Where all samples are at the same end of the function, it is the bias.
        ProbedLayer? flat = start.Hidden.Where(layer => layer.IsSquashing && layer.Deviation > 0.1).MaxBy(layer => layer.Saturated);
        Evidence? saturated = flat is null || input > 3 ? null
            : Evidence.Above("start_saturated", flat.Saturated, 0.5, 0.2, Cause.Source) with { Layer = flat.Path };
        Evidence recurrent = Evidence.TimesAbove("recurrent_scale", start.RecurrentScale, 1.8, 1.5, Cause.Source);
        Evidence decisive = saturated is { } other && other.Strength > outputs.Strength ? other : outputs;
        decisive = recurrent.Strength > decisive.Strength ? recurrent : decisive;
        return decisive.Strength <= -2 ? null : Found(decisive) with
        {
            Weight = 1.5,
            Fixes = List(Repairs.Initializer(signs)),
        };
    }
}

/// <summary>Starting weights that are too small.</summary>
internal sealed class WeightsTooSmall : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.WeightsTooSmall;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Start is not { Layers.Count: > 1 } start || start.HiddenWeights.Any(parameter => parameter.Twins > 0.5))
            return null;
        if (start.Hidden.LastOrDefault() is not { } last || start.Hidden.Any(layer => layer.Zero > 0.6 || (layer.IsSquashing && layer.Saturated > 0.5)))
            return null;
        double input = Math.Max(1e-12, double.IsNaN(start.InputRms) ? 1 : start.InputRms);
        return Found(Evidence.TimesBelow("start_hidden_deviation", last.Deviation / input, 0.03, 3, Cause.Source) with { Layer = last.Path }) with
        {
            Weight = 1.5,
            Fixes = List(Repairs.Initializer(signs)),
        };
    }
}
