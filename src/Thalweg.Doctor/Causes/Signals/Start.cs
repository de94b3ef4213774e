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
        return Found(Evidence.Above("twin_units", worst.Twins, 0.5, 0.2, Cause.Source) with { Layer = worst.Name }) with
        {
            Fixes = ValueList.Of<Fix>([.. Repairs.Initializer(signs)]),
        };
    }
}

/// <summary>Rectifiers that are 0 for all samples.</summary>
internal sealed class DeadRelu : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.DeadRelu;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        ProbedLayer? worst = (signs.End ?? signs.Start)?.Hidden.Where(layer => layer.IsRectifier).MaxBy(layer => layer.Zero);
        if (worst is null || worst.Zero < 0.2)
            return null;
        return Found(Evidence.Above("zero_units", worst.Zero, 0.6, 0.15, Cause.Source) with { Layer = worst.Path }) with
        {
            Fixes = ValueList.Of<Fix>([.. Repairs.Initializer(signs), .. RateTimes(signs.Recipe, "lower_rate", 0.1)]),
        };
    }
}
