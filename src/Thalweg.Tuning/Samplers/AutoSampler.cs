using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>Takes the sampler that fits the study, and says which and why.</summary>
/// <remarks>Chosen on one half of the problems of bench/Thalweg.Tuning.Bench, ranked on the other; docs/tuning.md has the figures.</remarks>
public sealed record AutoSampler : Sampler
{
    /// <summary>Trials beyond which a Gaussian process would take longer than most trainings of an epoch.</summary>
    private const int MostForProcess = 400;

    /// <inheritdoc/>
    public override long? MaximumTrials(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return null;
    }

    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Choose(context).Sampler.Suggest(context);
    }

    /// <inheritdoc/>
    public override string Explain(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Sampler sampler, string reason) = Choose(context);
        return $"{sampler}: {reason}";
    }

    private static (Sampler Sampler, string Reason) Choose(SuggestionContext context)
    {
        int trials = context.History.Count, parameters = context.Space.Count;
        if (trials > MostForProcess)
            return (new TpeSampler(), Text($"after {trials} trials a Gaussian process is slow, and a density of Parzen is as good"));
        return (new GpSampler(), Text($"a Gaussian process learns most from few trials, here {trials} of {parameters} parameters"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
