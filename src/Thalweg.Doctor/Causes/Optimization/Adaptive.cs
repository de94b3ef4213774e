using Thalweg.Optimizers;

namespace Thalweg.Diagnosis;

/// <summary>AdaGrad whose steps have shrunk to nothing.</summary>
internal sealed class AdaGradStalled : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.AdagradStalled;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (OptimizerOf(signs) is not AdaGrad)
            return null;
        double early = signs.Of("update_ratio", "ratio").Where(reading => reading.Layer.Length == 0).Take(3).Select(reading => reading.Value)
            .DefaultIfEmpty(double.NaN).Max();
        return Found(
            Evidence.TimesBelow("late_to_early_update", signs.Median("update_ratio", "ratio", 0.2) / early, 0.45, 2, Cause.Source),
            Underfits(signs, 0.05)) with
        {
            Weight = 2,
            Fixes = List(Repairs.Optimizer(signs, "rms_prop", "rmsprop", 0.003), Repairs.Optimizer(signs, "adam", "adam", 0.003)),
        };
    }
}

/// <summary>An epsilon that decides the step.</summary>
internal sealed class EpsilonTooLarge : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.EpsilonTooLarge;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (OptimizerOf(signs) is not { } optimizer || OptimizerNumbers.Find(optimizer, "epsilon") is not { } epsilon || epsilon < 1e-5)
            return null;
        double gradient = signs.Start?.Parameters.Max(parameter => parameter.GradientRms) ?? double.NaN;
        return Found(Evidence.TimesAbove("epsilon_to_gradient", epsilon / gradient, 0.3, 3, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(Repairs.OptimizerSetting(signs, "default_epsilon", "epsilon", null)),
        };
    }
}

/// <summary>An epsilon that lets tiny gradients make full steps.</summary>
internal sealed class EpsilonTooSmall : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.EpsilonTooSmall;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (OptimizerOf(signs) is not { } optimizer || OptimizerNumbers.Find(optimizer, "epsilon") is not { } epsilon)
            return null;
        NamedOptimizer plain = Settings.Parse<NamedOptimizer>(signs.Recipe!.Training.Optimizer.Name!.Split('(')[0].Trim());
        double usual = OptimizerNumbers.Find(plain, "epsilon") ?? epsilon;
        return epsilon >= usual ? null : Found(Evidence.TimesBelow("epsilon_to_default", epsilon / usual, 1e-3, 10, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(
                Repairs.OptimizerSetting(signs, "larger_epsilon", "epsilon", "0.001"),
                Repairs.OptimizerSetting(signs, "default_epsilon", "epsilon", null)),
        };
    }
}
