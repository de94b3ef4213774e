namespace Thalweg.Data;

/// <summary>How many models have been judged on the same test rows, and what that makes of a figure.</summary>
/// <param name="Samples">Number of rows.</param>
/// <param name="Models">Number of different models; a reading for which no model is known counts as one.</param>
/// <param name="Reads">Number of readings.</param>
public sealed record TestReuse(int Samples, int Models, int Reads)
{
    private const double DefaultLevel = 0.95;

    /// <summary>What makes the figure too good, and what to do, in one sentence; null for the first model.</summary>
    public string? Warning => Models < 2 ? null
        : FormattableString.Invariant($"{Models} different models have been judged on these {Samples:#,0} test rows: whoever takes the ")
            + "best of them sees a figure that is too good; choose by validation data, and take new test rows for a last figure";

    /// <summary>Looks a test set up in its ledger.</summary>
    /// <param name="test">The test set.</param>
    public static TestReuse Of(TestSet test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Of(test.Ledger.ReadsOf(test.Fingerprint), test.Count);
    }

    /// <summary>Counts readings.</summary>
    /// <param name="reads">Readings of the same rows; the same weights count once.</param>
    /// <param name="samples">Number of rows.</param>
    public static TestReuse Of(IReadOnlyList<TestRead> reads, int samples)
    {
        ArgumentNullException.ThrowIfNull(reads);
        int known = reads.Where(read => read.Model is not null).Select(read => read.Model).Distinct().Count();
        return new TestReuse(samples, known + reads.Count(read => read.Model is null), reads.Count);
    }

    /// <summary>The level at which the interval of each model is to be taken, so that those of all <see cref="Models"/> hold
    /// together.</summary>
    /// <remarks>1 - (1 - level) / models. It supposes that no model was chosen by the figures of an earlier one. Source: Dunn, Multiple comparisons among means, JASA 1961, equation 2 (Bonferroni's
    /// inequality).</remarks>
    /// <param name="level">Probability that all of the intervals hold, dimensionless, in (0, 1); default 0.95.</param>
    public double LevelOfEach(double level = DefaultLevel) => 1 - ((1 - level) / Math.Max(1, Models));
}
