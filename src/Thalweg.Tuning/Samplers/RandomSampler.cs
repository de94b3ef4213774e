namespace Thalweg.Tuning;

/// <summary>Draws each parameter from its distribution, whatever came before.</summary>
/// <remarks>Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012: better than a grid at equal budget where
/// only
/// some parameters matter.</remarks>
public sealed record RandomSampler : Sampler
{
    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        RandomStream random = context.NewStream();
        double[] units = new double[context.Space.Count];
        for (int i = 0; i < units.Length; i++)
            units[i] = random.NextDouble();
        return context.Space.FromUnit(units);
    }
}
