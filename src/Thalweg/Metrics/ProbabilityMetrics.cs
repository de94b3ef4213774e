namespace Thalweg.Metrics;

/// <summary>A figure of the probabilities of the classes that is a mean over the samples.</summary>
public abstract record ProbabilityMetric : Metric
{
    private protected ProbabilityMetric()
    {
    }

    /// <inheritdoc/>
    public override bool LessIsBetter => true;

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes)
    {
        RefuseNumbers(classes);
        return 2;
    }

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            sums[0] += Of(batch.Probabilities(i), batch.Label(i));
            sums[1]++;
        }
    }

    /// <inheritdoc/>
    public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <summary>What a sample adds.</summary>
    private protected abstract double Of(ReadOnlySpan<double> probabilities, int label);

    /// <summary>Minus the logarithm of a probability that is at least the spacing of doubles at 1.</summary>
    private protected static double Surprise(double probability) => -Math.Log(Math.Clamp(probability, Epsilon, 1 - Epsilon));

    private const double Epsilon = 1.0 / (1L << 52);
}

/// <summary>Mean of -ln p of the true class, in nats, whatever the loss of training.</summary>
/// <remarks>Probabilities below 2^-52 count as that, so that one sure and wrong answer is not infinite. Source: Good, "Rational decisions",
/// 1952; as scikit-learn's log_loss.</remarks>
public sealed record LogLoss : ProbabilityMetric
{
    private protected override double Of(ReadOnlySpan<double> probabilities, int label) => Surprise(probabilities[label]);
}

/// <summary>The exponential of <see cref="LogLoss"/>: among how many equally probable classes a uniform guess would do as well; for models
/// of the next symbol.</summary>
/// <remarks>exp(mean of -ln p of the true class). Source: Jelinek, Mercer, Bahl, Baker, "Perplexity - a measure of the difficulty of speech
/// recognition tasks", 1977.</remarks>
public sealed record Perplexity : ProbabilityMetric
{
    /// <inheritdoc/>
    public override double Result(ReadOnlySpan<double> sums) => Math.Exp(sums[0] / sums[1]);

    private protected override double Of(ReadOnlySpan<double> probabilities, int label) => Surprise(probabilities[label]);
}

/// <summary>Mean squared distance of the probabilities from 1 for the true class and 0 for the others.</summary>
/// <remarks>For two classes (1 - p)^2 of the true one, in [0, 1]; for more the sum over the classes, in [0, 2]. Source: Brier,
/// "Verification of forecasts expressed in terms of probability", 1950, equation 2; as scikit-learn's brier_score_loss.</remarks>
public sealed record Brier : ProbabilityMetric
{
    private protected override double Of(ReadOnlySpan<double> probabilities, int label)
    {
        if (probabilities.Length == 2)
            return probabilities[1 - label] * probabilities[1 - label];

        double sum = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            double distance = probabilities[k] - (k == label ? 1 : 0);
            sum += distance * distance;
        }

        return sum;
    }
}

/// <summary>Expected calibration error: by how much the probability of the most probable class and the share of right answers differ, the
/// mean over bins of equal width, each by its number of samples.</summary>
/// <remarks>sum_b n_b / n |accuracy_b - confidence_b| over bins (b/B, (b+1)/B]. Source: Guo, Pleiss, Sun, Weinberger, "On calibration of
/// modern neural networks", 2017, equation 5.</remarks>
public sealed record ExpectedCalibrationError : Metric
{
    /// <summary>Makes the metric.</summary>
    /// <param name="bins">Bins, 1 or more; default 15.</param>
    /// <exception cref="ThalwegException">The number is below 1: give another.</exception>
    public ExpectedCalibrationError(int bins = 15) => Bins = bins;

    /// <summary>Bins, 1 or more; default 15.</summary>
    public int Bins { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override bool LessIsBetter => true;

    /// <inheritdoc/>
    public override int LengthFor(int classes)
    {
        RefuseNumbers(classes);
        return 3 * Bins;
    }

    /// <inheritdoc/>
    public override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<double> probabilities = batch.Probabilities(i);
            int best = 0;
            for (int k = 1; k < probabilities.Length; k++)
                best = probabilities[k] > probabilities[best] ? k : best;

            Span<double> bin = sums.Slice(3 * BinOf(probabilities[best], Bins), 3);
            bin[0]++;
            bin[1] += probabilities[best];
            bin[2] += best == batch.Label(i) ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public override double Result(ReadOnlySpan<double> sums)
    {
        double total = 0, samples = 0;
        for (int i = 0; i < sums.Length; i += 3)
        {
            total += Math.Abs(sums[i + 1] - sums[i + 2]);
            samples += sums[i];
        }

        return total / samples;
    }

    /// <summary>The bin (b/B, (b+1)/B] of a probability.</summary>
    internal static int BinOf(double probability, int bins) => Math.Clamp((int)Math.Ceiling(probability * bins) - 1, 0, bins - 1);
}

/// <summary>Share of samples whose class is among the k largest outputs.</summary>
public sealed record TopKAccuracy : Metric
{
    /// <summary>Makes the metric.</summary>
    /// <param name="k">How many outputs count, 1 or more; default 5.</param>
    /// <exception cref="ThalwegException">The number is below 1: give another.</exception>
    public TopKAccuracy(int k = 5) => K = k;

    /// <summary>How many outputs count, 1 or more; default 5.</summary>
    public int K { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override int LengthFor(int classes) => RefuseNumbers(classes) > K ? 2 : throw Unfit($"more than {K} classes", $"{classes}");

    /// <inheritdoc/>
    public override void Add(in MetricBatch batch, Span<double> sums)
    {
        if (batch.Outputs.Shape[1] < batch.Classes)
            throw Unfit("an output for each class", $"{batch.Outputs.Shape[1]} for {batch.Classes} classes");

        for (int i = 0; i < batch.Count; i++)
        {
            double own = batch.Output(i, batch.Label(i));
            int larger = 0;
            for (int k = 0; k < batch.Classes; k++)
                larger += batch.Output(i, k) > own ? 1 : 0;

            sums[0] += larger < K ? 1 : 0;
            sums[1]++;
        }
    }

    /// <inheritdoc/>
    public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    internal override (double Right, double Count)? ShareOf(in MetricBatch all)
    {
        Span<double> sums = stackalloc double[2];
        Add(all, sums);
        return (sums[0], sums[1]);
    }
}
