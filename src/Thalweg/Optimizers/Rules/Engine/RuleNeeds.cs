namespace Thalweg.Rules;

/// <summary>What a rule needs beside one gradient at the weights for each update; see <see cref="Rule.Needs"/>.</summary>
/// <remarks>The trainer serves all of it. A custom loop does so by <see cref="Optimizers.OptimizerRun.TakeGradient"/>, or by hand:
/// <see cref="Optimizers.OptimizerRun.MoveTo(int, Tensor, Tensor)"/> before each gradient, and
/// <see cref="Optimizers.OptimizerRun.Observe(RuleSignal)"/> with what <see cref="Optimizers.OptimizerRun.Wanted"/> says.</remarks>
public sealed record RuleNeeds
{
    /// <summary>One gradient at the weights and nothing else.</summary>
    public static RuleNeeds None { get; } = new();

    /// <summary>Gradients that one update takes, 1 or more; default 1.</summary>
    public int Gradients { get; init; } = 1;

    /// <summary>Number, from 0, of the first gradient of an update that is taken elsewhere than at the weights, as are those after it;
    /// default null: none.</summary>
    public int? MovedFrom { get; init; }

    /// <summary>Updates from one estimate of the Hessian's diagonal to the next, 1 or more; default null: none is needed. The first rule
    /// of a chain that needs one decides for the chain.</summary>
    public int? CurvatureEvery { get; init; }

    /// <summary>How the diagonal is estimated; default <see cref="CurvatureForm.GaussNewtonBartlett"/>.</summary>
    public CurvatureForm CurvatureForm { get; init; }

    /// <summary>Updates from one look at the factors of layers to the next, 1 or more; default null: none is needed.</summary>
    public int? FactorsEvery { get; init; }

    /// <summary>Whether the rule acts on a validation metric, where it gets one; default false.</summary>
    public bool Metric { get; init; }

    /// <summary>Whether gradients of batches smaller than the training data mislead the rule; default false.</summary>
    public bool FullBatch { get; init; }

    /// <summary>The needs of a chain.</summary>
    /// <param name="rules">Needs of its rules.</param>
    internal static RuleNeeds Of(IReadOnlyList<RuleNeeds> rules)
    {
        RuleNeeds? curvature = rules.FirstOrDefault(rule => rule.CurvatureEvery is not null);
        return new()
        {
            Gradients = rules.Max(rule => rule.Gradients),
            MovedFrom = rules.Min(rule => rule.MovedFrom),
            CurvatureEvery = curvature?.CurvatureEvery,
            CurvatureForm = curvature?.CurvatureForm ?? default,
            FactorsEvery = rules.Min(rule => rule.FactorsEvery),
            Metric = rules.Any(rule => rule.Metric),
            FullBatch = rules.Any(rule => rule.FullBatch),
        };
    }
}

/// <summary>What the rules of a run need before the next update.</summary>
[Flags]
public enum SignalKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An estimate of the Hessian's diagonal: <see cref="CurvatureSignal"/>.</summary>
    Curvature = 1,

    /// <summary>The factors of layers: <see cref="LayerFactorsSignal"/>.</summary>
    LayerFactors = 2,
}

/// <summary>Something that rules get beside gradients; see <see cref="Optimizers.OptimizerRun.Observe(RuleSignal)"/>.</summary>
public abstract record RuleSignal
{
    private protected RuleSignal()
    {
    }
}

/// <summary>A validation metric, passed after each evaluation.</summary>
/// <param name="Value">The metric; more is better, unless the rule says otherwise.</param>
public sealed record MetricSignal(double Value) : RuleSignal;

/// <summary>An estimate of the Hessian's diagonal.</summary>
/// <param name="Diagonal">The estimate, <c>[n]</c>, of the parameters' type; rules copy what they keep.</param>
public sealed record CurvatureSignal(Tensor Diagonal) : RuleSignal;

/// <summary>The factors of layers.</summary>
/// <param name="Factors">Those of the layers that have some; rules copy what they keep.</param>
public sealed record LayerFactorsSignal(IReadOnlyList<LayerFactors> Factors) : RuleSignal;
