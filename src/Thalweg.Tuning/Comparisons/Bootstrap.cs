namespace Thalweg.Tuning;

/// <summary>What the bootstrap says of one contender.</summary>
/// <param name="Low">Lower end of the interval of its metric.</param>
/// <param name="High">Upper end.</param>
/// <param name="BehindLow">Lower end of the interval of the winner's metric less its own.</param>
/// <param name="BehindHigh">Upper end.</param>
/// <param name="Best">Share of the resamples in which it is the best; ties are shared.</param>
public readonly record struct BootstrapFigures(double Low, double High, double BehindLow, double BehindHigh, double Best);

/// <summary>Intervals by resampling seeds and validation samples, the same ones for all contenders.</summary>
/// <remarks>
/// Percentile intervals: Efron and Tibshirani, An introduction to the bootstrap (1993), chapter 13. Seeds and samples are drawn with
/// replacement in pairs over the contenders, so that what is common to them (a hard sample, a lucky start) does not widen their difference.
/// </remarks>
internal static class Bootstrap
{
    /// <summary>Share of resamples that the intervals hold.</summary>
    public const double Confidence = 0.95;

    /// <summary>The figures of each contender.</summary>
    /// <param name="scores">Per contender and seed the score of each validation sample; all the same lengths.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="seed">Names the draws.</param>
    public static BootstrapFigures[] Of(IReadOnlyList<float[][]> scores, int resamples, ulong seed)
    {
        int contenders = scores.Count, seeds = scores[0].Length, samples = scores[0][0].Length;
        double[][] means = [.. scores.Select(_ => new double[resamples])];
        double[] best = new double[contenders];
        int[] counts = new int[samples];
        for (int resample = 0; resample < resamples; resample++)
        {
            RandomStream random = new(seed, RandomPurpose.User, (ulong)resample + 1);
            int[] drawn = new int[seeds];
            for (int i = 0; i < seeds; i++)
                drawn[i] = random.NextInt32(seeds);
            Array.Clear(counts);
            for (int i = 0; i < samples; i++)
                counts[random.NextInt32(samples)]++;
            for (int c = 0; c < contenders; c++)
                means[c][resample] = drawn.Sum(s => Mean(scores[c][s], counts)) / seeds;
            double top = means.Max(m => m[resample]);
            int[] first = [.. Enumerable.Range(0, contenders).Where(c => means[c][resample] == top)];
            foreach (int c in first)
                best[c] += 1.0 / (first.Length * (double)resamples);
        }

        int winner = Enumerable.Range(0, contenders).MaxBy(c => scores[c].Average(run => run.Average(score => (double)score)));
        return [.. Enumerable.Range(0, contenders).Select(c =>
        {
            (double low, double high) = Interval(means[c]);
            (double behindLow, double behindHigh) = Interval([.. means[c].Select((mean, r) => means[winner][r] - mean)]);
            return new BootstrapFigures(low, high, behindLow, behindHigh, best[c]);
        })];
    }

    private static double Mean(float[] scores, int[] counts)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
            sum += counts[i] * (double)scores[i];
        return sum / scores.Length;
    }

    private static (double Low, double High) Interval(double[] values)
    {
        double[] sorted = [.. values.Order()];
        double tail = (1 - Confidence) / 2;
        return (Quantile(sorted, tail), Quantile(sorted, 1 - tail));
    }

    /// <summary>Linear between the two nearest values.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
