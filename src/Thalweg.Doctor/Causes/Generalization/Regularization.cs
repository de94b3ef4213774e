namespace Thalweg.Diagnosis;

/// <summary>Weight decay that outweighs the gradient.</summary>
internal sealed class DecayTooStrong : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.DecayTooStrong;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        double decay = signs.Recipe?.Training.Optimizer.WeightDecay ?? (OptimizerOf(signs) is { } named
            ? OptimizerNumbers.Find(named, "decay") ?? 0 : 0);
        if (decay <= 0 || signs.Recipe is null)
            return null;
        double rate = signs.Recipe.Training.Optimizer.LearningRate ?? 0, shrink = decay * rate * signs.StepLosses.Count;
        return Found(
            Evidence.TimesAbove("decay_over_run", Math.Max(shrink, decay), 3, 3, Cause.Source),
            Underfits(signs, 0.1)) with
        {
            Weight = 1.7,
            Fixes = List(
                Repairs.Fields(signs, "less_decay", ("training.optimizer.weight_decay", Number(decay / 100))),
                Repairs.Fields(signs, "less_decay", ("training.optimizer.weight_decay", "0"))),
        };
    }

    private static string Number(double value) => value.ToString("g3", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A penalty that outweighs the loss.</summary>
internal sealed class PenaltyTooStrong : Diagnoser
{
    private static readonly string[] s_penalties = ["l1(", "l2(", "elastic_net(", "gradient_penalty", "weight_gradient_penalty"];

    /// <inheritdoc/>
    public override Cause Cause => Cause.PenaltyTooStrong;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        string text = signs.Recipe?.Training.Regularizers ?? "";
        if (!s_penalties.Any(name => text.Contains(name, StringComparison.Ordinal)))
            return null;
        return Found(Underfits(signs, 0.1)) with
        {
            Weight = 1.9,
            Fixes = List(Repairs.Fields(signs, "less_penalty", ("training.regularizers", null))),
        };
    }
}

/// <summary>Dropout that leaves too little.</summary>
internal sealed class DropoutTooStrong : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.DropoutTooStrong;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        double strongest = signs.Trainer.Module.NamedModules().Select(part => part.Module).OfType<Layers.Dropout>()
            .Select(dropout => dropout.Probability).DefaultIfEmpty(0).Max();
        return strongest < 0.3 ? null : Found(
            Evidence.Above("dropout_probability", strongest, 0.55, 0.1, Cause.Source), Underfits(signs, 0.1)) with
        {
            Weight = 1.8,
            Fixes = List(Repairs.Dropout(signs, "less_dropout", 0.1), Repairs.Dropout(signs, "less_dropout", 0)),
        };
    }
}
