namespace Thalweg.Metrics;

/// <summary>A figure of predicted numbers in their own unit that is a mean over samples and numbers.</summary>
public abstract record MeanNumberMetric : Metric
{
    private protected MeanNumberMetric()
    {
    }

    /// <inheritdoc/>
    public override bool LessIsBetter => true;

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes)
    {
        RefuseClasses(classes);
        return 2;
    }

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            for (int column = 0; column < batch.Numbers; column++)
            {
                sums[0] += Of(batch.Value(i, column), batch.PredictedValue(i, column));
                sums[1]++;
            }
        }
    }

    /// <inheritdoc/>
    public sealed override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];

    /// <summary>What a number adds.</summary>
    private protected abstract double Of(double truth, double said);
}

/// <summary>Mean absolute error as a share of the true number, a fraction: 0.1 is ten percent.</summary>
/// <remarks>mean of |y - f| / max(|y|, 2^-52): of little use where true numbers come near 0. As scikit-learn's
/// mean_absolute_percentage_error. Source: Makridakis, "Accuracy measures: theoretical and practical concerns", 1993.</remarks>
public sealed record MeanAbsolutePercentageError : MeanNumberMetric
{
    private const double Epsilon = 1.0 / (1L << 52);

    private protected override double Of(double truth, double said) => Math.Abs(truth - said) / Math.Max(Math.Abs(truth), Epsilon);
}

/// <summary>Pinball loss in the unit of the target: least where the predictions are the quantile of the targets.</summary>
/// <remarks>mean of max(q (y - f), (q - 1) (y - f)). As scikit-learn's mean_pinball_loss. Source: Koenker, Bassett, "Regression
/// quantiles", 1978, equation 1.2.</remarks>
public sealed record Pinball : MeanNumberMetric
{
    /// <summary>Makes the metric.</summary>
    /// <param name="quantile">The quantile, in [0, 1]; default 0.5, half the mean absolute error.</param>
    /// <exception cref="ThalwegException">The quantile is outside [0, 1]: give another.</exception>
    public Pinball(double quantile = 0.5) => Quantile = quantile;

    /// <summary>The quantile, in [0, 1]; default 0.5.</summary>
    public double Quantile { get; init => field = Within(value, 0, 1); }

    private protected override double Of(double truth, double said) =>
        Math.Max(Quantile * (truth - said), (Quantile - 1) * (truth - said));
}
