namespace Thalweg.Tuning;

/// <summary>Proposes where a Gaussian process expects the greatest improvement.</summary>
/// <remarks>
/// Jones et al., "Efficient global optimization of expensive black-box functions", Journal of Global Optimization 13, 1998, with the logarithm of expected
/// improvement (Ament et al., NeurIPS 2023), a Matern 5/2 kernel with one length for each parameter, categorical parameters by equality, inputs warped by
/// the function of Kumaraswamy (Snoek et al., ICML 2014) and outputs by the power transform of Yeo and Johnson or by half rank. Parameters that a trial leaves out stand in the middle of
/// their range. Every second proposal of a space with many parameters comes from a trust region around the best trial (Eriksson et al., "Scalable global
/// optimization via local Bayesian optimization", NeurIPS 2019). Several goals are mixed anew for each trial (Knowles, ParEGO, 2006).
/// </remarks>
public sealed record GpSampler : Sampler
{
    /// <summary>Trials from a Sobol sequence before the first model, dimensionless, 1 or more; default 12.</summary>
    public int StartupTrials { get; init => field = AtLeast(1, value); } = 12;

    /// <summary>Whether inputs are warped; default true.</summary>
    public bool WarpInputs { get; init; } = true;

    /// <summary>How outputs are warped; default yeo_johnson.</summary>
    public OutputWarping OutputWarping { get; init; } = OutputWarping.YeoJohnson;

    /// <summary>Parameters from which on every second proposal comes from a trust region, dimensionless, 1 or more; default 6.</summary>
    public int TrustRegionFrom { get; init => field = AtLeast(1, value); } = 6;

    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.History.Count < StartupTrials)
            return new SobolSampler().Suggest(context);
        UnitSpace space = new(context.Space);
        double[] losses = Observations.Losses(context);
        double[][] inputs = [.. context.History.Select(trial => space.Features(trial.Point))];
        double[][] pending = [.. context.Pending.Select(space.Features)];
        bool[] isCategorical = [.. context.Space.Select(parameter => parameter.Distribution.IsCategorical)];
        GaussianModel model = GaussianModel.Fit(inputs, losses, pending, isCategorical, this);
        double[][] ranked = [.. Enumerable.Range(0, inputs.Length).OrderBy(i => losses[i]).Select(i => inputs[i]), .. pending];
        bool isLocal = space.Count >= TrustRegionFrom && context.Number % 2 == 1;
        (double[] Low, double[] High) region = isLocal
            ? TrustRegion.Around(ranked[0], losses.AsSpan(StartupTrials), model.Process.Weights)
            : TrustRegion.Whole(space.Count);
        double[] best = new ImprovementSearch(space, model, region).Best(ranked, context.NewStream());
        return context.Space.FromUnit([.. best.Select(unit => Math.Max(unit, 0))]);
    }
}
