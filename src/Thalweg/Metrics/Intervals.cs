namespace Thalweg.Metrics;

/// <summary>How an interval was computed.</summary>
public enum IntervalMethod
{
    /// <summary>Wilson's score interval, for a share of independent samples.</summary>
    Wilson,

    /// <summary>Percentiles of the figure over samples that are drawn with replacement.</summary>
    Bootstrap,

    /// <summary>Student's t over the folds of a cross-validation, with a variance that allows for their shared training rows.</summary>
    CorrectedT,
}

/// <summary>Where a figure probably lies, seen from the samples at hand.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Method">How it was computed.</param>
public sealed record MetricInterval(double Low, double High, IntervalMethod Method);

/// <summary>How intervals are computed; every value has a default.</summary>
public sealed record IntervalOptions
{
    /// <summary>Probability that an interval covers the figure, in (0, 1); default 0.95.</summary>
    /// <exception cref="ThalwegException">The number is out of range: give another.</exception>
    public double Level
    {
        get;
        init => field = value is > 0 and < 1
            ? value : throw new ThalwegException($"[intervals] expected a level above 0 and below 1, got {value}; 0.95 is usual");
    } = 0.95;

    /// <summary>Draws of a bootstrap, 1 or more; null, the default, for 1000, or fewer, down to 200, where there are more than 1000
    /// samples.</summary>
    /// <exception cref="ThalwegException">The number is below 1: give another.</exception>
    public int? Draws
    {
        get;
        init => field = value is null or >= 1
            ? value : throw new ThalwegException($"[intervals] expected 1 or more draws, got {value}; 1000 is usual");
    }

    /// <summary>Seed of the draws: the same seed gives the same interval to the bit; default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Intervals of figures.</summary>
public static class Intervals
{
    private const int UsualDraws = 1000, FewestDraws = 200, MostDrawn = 1_000_000;

    /// <summary>Wilson's score interval of a share.</summary>
    /// <remarks>Center (p + z^2/2n) / (1 + z^2/n), half width z sqrt(p (1 - p)/n + z^2/4n^2) / (1 + z^2/n), z the normal quantile of
    /// (1 + level)/2. It covers as it says also near 0 and 1. Source: Wilson, "Probable inference, the law of succession, and statistical
    /// inference", 1927; Brown, Cai, DasGupta, "Interval estimation for a binomial proportion", 2001.</remarks>
    /// <param name="successes">Samples that count, 0 to <paramref name="count"/>.</param>
    /// <param name="count">All samples, 1 or more.</param>
    /// <param name="level">Probability that the interval covers the share, in (0, 1); default 0.95.</param>
    /// <returns>The ends, within [0, 1].</returns>
    /// <exception cref="ThalwegException">A number is out of range.</exception>
    public static MetricInterval Wilson(double successes, double count, double level = 0.95)
    {
        if (!(count >= 1 && successes >= 0 && successes <= count && level is > 0 and < 1))
        {
            throw new ThalwegException("[intervals] expected 0 to n successes of n samples, n of 1 or more, and a level between 0 and 1, "
                + $"got {successes} of {count} and {level}; correct them");
        }

        double z = NormalQuantile.Of((1 + level) / 2), square = z * z, share = successes / count;
        double center = (share + (square / (2 * count))) / (1 + (square / count));
        double half = z / (1 + (square / count)) * Math.Sqrt((share * (1 - share) / count) + (square / (4 * count * count)));

        // Exactly 0 and 1 at the ends, where rounding leaves a rest.
        return new MetricInterval(
            successes == 0 ? 0 : Math.Max(0, center - half), successes == count ? 1 : Math.Min(1, center + half), IntervalMethod.Wilson);
    }

    /// <summary>The interval of a figure: Wilson's where it is a share of independent samples, as accuracy is, else a bootstrap.</summary>
    /// <remarks>The bootstrap draws as many samples as there are with replacement, computes the figure of each draw, and takes the
    /// percentiles, linear between the neighbours; draws without a figure are left out. Source: Efron, "Bootstrap methods: another look at
    /// the jackknife", 1979; Efron, Tibshirani, "An introduction to the bootstrap", 1993, section 13.3.</remarks>
    /// <param name="metric">The metric.</param>
    /// <param name="predictions">Outputs and true targets.</param>
    /// <param name="options">Level, draws and seed; default null, 95 percent.</param>
    /// <returns>The interval; null where the metric has none: the loss of training, or a figure that is NaN.</returns>
    public static MetricInterval? Of(Metric metric, Predictions predictions, IntervalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(predictions);
        options ??= new IntervalOptions();
        if (metric.ShareOf(predictions.Batch) is var (right, count))
            return Wilson(right, count, options.Level);

        return metric.Resampler(predictions) is { } figure ? Bootstrap(figure, predictions.Count, options) : null;
    }

    /// <summary>The interval of the mean of a figure over the folds of a cross-validation.</summary>
    /// <remarks>Mean -+ t sqrt((1/J + r) s^2), with J folds of all repeats, s^2 the variance of their figures, r the rows of a fold for each
    /// row that is trained on, and t the quantile with J - 1 degrees of freedom. Without r the interval is far too narrow, because the folds
    /// share training rows. Source: Nadeau, Bengio, "Inference for the generalization error", 2003, section 3.</remarks>
    /// <param name="figures">The figure of each fold, 2 or more.</param>
    /// <param name="validationShare">Validation rows of a fold for each of its training rows, 0 or more: 0.25 for five folds.</param>
    /// <param name="level">Probability that the interval covers the mean, in (0, 1); default 0.95.</param>
    /// <returns>The interval; null where there are fewer than two figures, or one is NaN.</returns>
    /// <exception cref="ThalwegException">The level is out of range.</exception>
    public static MetricInterval? OfFolds(IReadOnlyList<double> figures, double validationShare, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(figures);
        level = new IntervalOptions { Level = level }.Level;
        if (figures.Count < 2 || figures.Any(double.IsNaN))
            return null;

        double mean = figures.Average(), variance = figures.Sum(figure => (figure - mean) * (figure - mean)) / (figures.Count - 1);
        double half = StudentQuantile.Of((1 + level) / 2, figures.Count - 1)
            * Math.Sqrt(((1.0 / figures.Count) + validationShare) * variance);
        return new MetricInterval(mean - half, mean + half, IntervalMethod.CorrectedT);
    }

    private static MetricInterval? Bootstrap(Func<int[], double> figure, int count, IntervalOptions options)
    {
        int draws = options.Draws ?? Math.Clamp(MostDrawn / count, FewestDraws, UsualDraws);
        int[] rows = new int[count];
        List<double> figures = new(draws);
        for (int draw = 0; draw < draws; draw++)
        {
            RandomStream random = new(options.Seed, RandomPurpose.Bootstrap, (ulong)draw);
            for (int i = 0; i < rows.Length; i++)
                rows[i] = random.NextInt32(count);

            double value = figure(rows);
            if (!double.IsNaN(value))
                figures.Add(value);
        }

        if (figures.Count == 0)
            return null;

        figures.Sort();
        return new MetricInterval(
            Quantile(figures, (1 - options.Level) / 2), Quantile(figures, (1 + options.Level) / 2), IntervalMethod.Bootstrap);
    }

    /// <summary>A quantile of sorted numbers, linear between the two nearest: definition 7 of Hyndman and Fan, 1996.</summary>
    internal static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int low = (int)place, high = Math.Min(low + 1, sorted.Count - 1);
        return low == high || place == low ? sorted[low] : sorted[low] + ((place - low) * (sorted[high] - sorted[low]));
    }
}
