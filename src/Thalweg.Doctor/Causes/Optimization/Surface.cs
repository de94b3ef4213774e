using Thalweg.Optimizers;

namespace Thalweg.Diagnosis;

/// <summary>What curvature along the gradient says of where the run is, which the shape of the loss curve cannot.</summary>
internal sealed record SurfaceSigns
{
    /// <summary>Gradient norm at the end against the largest.</summary>
    public double GradientLeft { get; private init; }

    /// <summary>Smallest eigenvalue against the largest, as sizes; above 0 where the surface curves down.</summary>
    public double NegativeShare { get; private init; }

    /// <summary>Curvature along the gradient times the rate.</summary>
    public double CurvatureTimesRate { get; private init; }

    /// <summary>Median norm of the gradient.</summary>
    public double GradientNorm { get; private init; }

    /// <summary>Signs of a run; null where curvature was not measured.</summary>
    public static SurfaceSigns Of(RunSigns signs)
    {
        double[] norms = [.. signs.GradientNorms.Where(double.IsFinite)];
        double largest = signs.Median("edge_of_stability", "sharpness", 0.7), smallest = signs.Median("negative_curvature", "smallest", 0.7);
        double rate = signs.Epochs.Select(epoch => epoch.LearningRate).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        int late = Math.Max(1, norms.Length / 5);
        return new SurfaceSigns
        {
            GradientLeft = norms.Length < 5 ? double.NaN : norms.TakeLast(late).Order().ElementAt(late / 2) / Math.Max(norms.Max(), 1e-30),
            GradientNorm = norms.Length == 0 ? double.NaN : norms.Order().ElementAt(norms.Length / 2),
            NegativeShare = -smallest / Math.Max(Math.Abs(largest), Math.Max(Math.Abs(smallest), 1e-12)),
            CurvatureTimesRate = signs.Median("gradient_curvature", "curvature", 0.7) * rate,
        };
    }
}

/// <summary>A saddle point.</summary>
internal sealed class Saddle : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Saddle;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        SurfaceSigns surface = SurfaceSigns.Of(signs);
        if (signs.Start?.HiddenWeights.Any(parameter => parameter.Twins > 0.5) == true || double.IsNaN(surface.NegativeShare))
            return null;
        return Found(
            Evidence.Above("negative_curvature_share", surface.NegativeShare, 0.12, 0.06, Cause.Source),
            Evidence.TimesBelow("gradient_norm", surface.GradientNorm, 0.3, 3),
            Underfits(signs, 0.3)) with
        {
            Experiment = "curvature",
            Weight = 1.9,
            Fixes = List(
                Repairs.Optimizer(signs, "adam", "adam", 0.01), Repairs.Initializer(signs), Repairs.RateTimes(signs, "raise_rate", 10)),
        };
    }
}

/// <summary>A flat part of the surface.</summary>
internal sealed class Plateau : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Plateau;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        SurfaceSigns surface = SurfaceSigns.Of(signs);
        if (double.IsNaN(surface.CurvatureTimesRate) || signs.IsNonFinite)
            return null;
        return Found(
            Evidence.TimesBelow("gradient_norm", surface.GradientNorm, 0.03, 3),
            Evidence.TimesBelow("curvature_times_rate", Math.Abs(surface.CurvatureTimesRate), 0.02, 3, Cause.Source),
            Evidence.Below("negative_curvature_share", surface.NegativeShare, 0.5, 0.15, Cause.Source),
            Evidence.Below("recent_fall", signs.Curves.RecentFall, 0.05, 0.02),
            Underfits(signs, 0.5)) with
        {
            Experiment = "curvature",
            Fixes = List(
                Repairs.Optimizer(signs, "adam", "adam", 0.01), Repairs.Activation(signs, "unbounded_activation", "relu"),
                Repairs.RateTimes(signs, "raise_rate", 30)),
        };
    }
}

/// <summary>A steep wall of the surface.</summary>
internal sealed class Cliff : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.Cliff;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        double[] norms = [.. signs.GradientNorms];
        if (norms.Length < 20 || signs.Recipe?.Training.Optimizer.ClipNorm is not null)
            return null;
        double usual = Math.Max(norms.Order().ElementAt(norms.Length / 2), 1e-12);
        double[] factors = [.. norms.Select(norm => double.IsFinite(norm) ? norm / usual : 1e6)];
        int step = Array.IndexOf(factors, factors.Max());
        double share = (double)factors.Count(factor => factor > 10) / factors.Length;
        string limit = usual.ToString("g3", System.Globalization.CultureInfo.InvariantCulture);
        return Found(
            Evidence.TimesAbove("gradient_spike", factors.Max(), 20, 2, Cause.Source), Evidence.Below("spike_share", share, 0.1, 0.05),
            Evidence.TimesAbove("loss_jump", signs.Curves.LargestJump.Factor, 2.5, 1.6)) with
        {
            Experiment = "curvature",
            Step = step,
            Weight = 1.4,
            Fixes = List(Repairs.Fields(signs, "clip", ("training.optimizer.clip_norm", limit)).Select(fix => fix with { IsFromStart = false })),
        };
    }
}

/// <summary>Curvature that differs too much between directions.</summary>
internal sealed class IllConditioning : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.IllConditioning;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        if (OptimizerOf(signs) is not (Sgd or Momentum or Nesterov) || signs.IsNonFinite)
            return null;
        double ratio = signs.Median("edge_of_stability", "ratio", 0.7);
        double left = SurfaceSigns.Of(signs).GradientLeft;
        Evidence sharp = Evidence.TimesAbove("stability_ratio", ratio, 0.25, 2, Cause.Source), kept = Evidence.TimesAbove("gradient_left", left, 0.02, 3);
        Evidence inputs = Evidence.TimesAbove("input_condition", signs.Data.InputCondition, 300, 2, "LeCun, Bottou, Orr, Mueller, 1998, section 5.2");
        Evidence[] decisive = inputs.Strength > Math.Min(sharp.Strength, kept.Strength) ? [inputs] : [sharp, kept];
        return Found([.. decisive, Underfits(signs, 0.1)]) with
        {
            Weight = 1.6,
            Experiment = "curvature",
            Fixes = List(
                Repairs.Optimizer(signs, "adam", "adam", 0.01), Repairs.Normalized(signs, "normalization"), Repairs.ScaledInputs(signs)),
        };
    }
}
