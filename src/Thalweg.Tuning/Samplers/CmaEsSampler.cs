namespace Thalweg.Tuning;

/// <summary>Proposes points from a normal distribution that learns which directions lead down: CMA-ES, with a margin for whole numbers.</summary>
/// <remarks>
/// Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772; Hamano et al., "CMA-ES with margin", GECCO 2022, with its margin of 1 / (d population). It works in the unit cube, on
/// the scale of each distribution. A generation is as many trials of the history, in order, as a population has, whoever proposed them; the state is computed anew from the history for each
/// proposal, so that nothing is kept between them. Choices, and parameters with a condition, come from <see cref="TpeSampler"/>. It starts around the best of the first trials with a
/// step of 0.2; Optuna's starts in the middle with 1/6.
/// </remarks>
public sealed record CmaEsSampler : Sampler
{
    /// <summary>First step size, as a part of each range, dimensionless, in (0, 1]; default 0.2.</summary>
    public double Step { get; init => field = Within(AboveZero(value), 0, 1); } = 0.2;

    /// <summary>Trials from a Sobol sequence before the first generation, dimensionless, 1 or more; default 8.</summary>
    public int StartupTrials { get; init => field = AtLeast(1, value); } = 8;

    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.History.Count < StartupTrials)
            return new SobolSampler().Suggest(context);
        UnitSpace space = new(context.Space);
        int[] evolved = [.. Enumerable.Range(0, space.Count).Where(i => !space.IsCategorical(i) && context.Space[i].When is null)];
        double[] units = evolved.Length == space.Count
            ? new double[space.Count]
            : space.Features(new TpeSampler { StartupTrials = StartupTrials }.Suggest(context));
        if (evolved.Length > 0)
        {
            RandomStream random = context.NewStream();
            double[] drawn = State(space, evolved, context).Draw(ref random);
            for (int k = 0; k < evolved.Length; k++)
                units[evolved[k]] = drawn[k];
        }

        return context.Space.FromUnit([.. units.Select(unit => Math.Max(unit, 0))]);
    }

    private EvolutionState State(UnitSpace space, int[] evolved, SuggestionContext context)
    {
        double[] losses = Observations.Losses(context);
        double[][] points = [.. context.History.Select(trial => space.Features(trial.Point)).Select(point => evolved.Select(i => point[i]).ToArray())];
        int best = Enumerable.Range(0, StartupTrials).MinBy(i => losses[i]);
        EvolutionState state = new(points[best], Step);
        double margin = 1.0 / (evolved.Length * state.Population);
        for (int start = StartupTrials; start + state.Population <= points.Length; start += state.Population)
        {
            state.Update([.. Enumerable.Range(start, state.Population).OrderBy(i => losses[i]).Select(i => points[i])]);
            for (int k = 0; k < evolved.Length; k++)
            {
                if (space.EdgesOf(evolved[k]) is { Length: > 0 } edges)
                    IntegerMargin.Apply(state, k, edges, margin);
            }
        }

        return state;
    }
}
