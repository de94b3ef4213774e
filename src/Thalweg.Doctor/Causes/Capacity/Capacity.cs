namespace Thalweg.Diagnosis;

/// <summary>Hidden layers that are too narrow.</summary>
internal sealed class TooFewUnits : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.TooFewUnits;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int narrowest = signs.Start?.Hidden.Select(layer => layer.Units).DefaultIfEmpty(int.MaxValue).Min() ?? int.MaxValue;
        if (narrowest > 16)
            return null;
        return Found(Evidence.TimesBelow("narrowest_layer", narrowest, 5, 1.6), Underfits(signs)) with
        {
            Weight = 1.5,
            Fixes = List(Repairs.Units(signs, "more_units", 16)),
        };
    }
}

/// <summary>Too few layers of units.</summary>
internal sealed class TooFewLayers : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.TooFewLayers;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        int weights = signs.Start?.Parameters.Count(parameter => parameter.IsWeight) ?? 0;
        if (weights is 0 or > 2)
            return null;
        double ahead = signs.Data.NeighborMetric - (signs.Outcome?.Metric ?? double.NaN);
        return Found(
            Evidence.Below("weight_layers", weights, 1.8, 0.4), Evidence.Above("neighbors_ahead", ahead, 0.02, 0.03)) with
        {
            Weight = 1.5,
            Fixes = List(Repairs.MoreLayers(signs, "more_layers")),
        };
    }
}

/// <summary>A run that ends while the loss is still falling.</summary>
internal sealed class TooFewEpochs : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.TooFewEpochs;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (signs.Recipe?.Training.Epochs is not { } epochs || signs.Report?.Reason == Training.EndReason.EarlyStopping || signs.IsNonFinite)
            return null;
        double ratio = signs.Median("update_ratio", "ratio");
        Evidence few = Evidence.TimesBelow("epochs", epochs, 5, 2), steps = Evidence.TimesBelow("steps", signs.StepLosses.Count, 150, 2);
        Evidence falls = Evidence.Above("recent_fall", signs.Curves.RecentFall, 0.06, 0.03);
        Evidence decisive = new[] { few, steps, falls }.MaxBy(evidence => evidence.Strength)!;
        return Found(decisive, Evidence.TimesAbove("update_ratio", ratio, 5e-4, 3), Underfits(signs, 0.1)) with
        {
            Weight = 1.1,
            Fixes = List(Repairs.Fields(
                signs, "more_epochs",
                ("training.epochs", (epochs * (epochs < 5 ? 10 : 4)).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("training.max_steps", null))),
        };
    }
}
