namespace Thalweg.Metrics;

/// <summary>A figure that each evaluation has, so that nothing more is computed for it.</summary>
public abstract record KnownMetric : Metric
{
    private protected KnownMetric()
    {
    }

    /// <inheritdoc/>
    public override int LengthFor(int classes) => 0;

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
    }

    /// <inheritdoc/>
    public sealed override double Result(ReadOnlySpan<double> sums) => double.NaN;

    internal abstract override double? Known(Evaluation evaluation);

    internal override double Compute(in MetricBatch all) => double.NaN;

    internal override Func<int[], double>? Resampler(Predictions predictions) => null;
}

/// <summary>The metric of the task: accuracy for classes, R2 for numbers.</summary>
public sealed record TaskMetric : KnownMetric
{
    internal override double? Known(Evaluation evaluation) => evaluation.Metric;
}

/// <summary>The loss that the network is trained with, as <see cref="Evaluation.Loss"/>.</summary>
public sealed record LossMetric : KnownMetric
{
    /// <inheritdoc/>
    public override bool LessIsBetter => true;

    internal override double? Known(Evaluation evaluation) => evaluation.Loss;
}

/// <summary>Share of samples whose most probable class is right, as <see cref="Evaluation.Accuracy"/>; of several labels: of samples whose
/// labels are all right.</summary>
public sealed record Accuracy : KnownMetric
{
    /// <inheritdoc/>
    public override int LengthFor(int classes) => 0 * RefuseNumbers(classes);

    internal override double? Known(Evaluation evaluation) => evaluation.Accuracy;

    internal override double Compute(in MetricBatch all) => ShareOf(all) is var (right, count) ? right / count : double.NaN;

    internal override (double Right, double Count)? ShareOf(in MetricBatch all)
    {
        double right = 0;
        for (int i = 0; i < all.Count; i++)
            right += all.PredictedClass(i) == all.Label(i) ? 1 : 0;

        return (right, all.Count);
    }
}

/// <summary>A figure of predicted numbers that each evaluation has.</summary>
public abstract record NumberMetric : KnownMetric
{
    private protected NumberMetric()
    {
    }

    /// <inheritdoc/>
    public override bool LessIsBetter => true;

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes)
    {
        RefuseClasses(classes);
        return 0;
    }

    internal sealed override double Compute(in MetricBatch all)
    {
        (double[] truth, double[] said) = Values(all);
        return From(truth, said, all.Numbers);
    }

    internal sealed override Func<int[], double> Resampler(Predictions predictions)
    {
        MetricBatch all = predictions.Batch;
        int width = all.Numbers;
        (double[] truth, double[] said) = Values(all);
        double[] drawnTruth = new double[truth.Length], drawnSaid = new double[said.Length];
        return rows =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                truth.AsSpan(rows[i] * width, width).CopyTo(drawnTruth.AsSpan(i * width));
                said.AsSpan(rows[i] * width, width).CopyTo(drawnSaid.AsSpan(i * width));
            }

            return From(drawnTruth, drawnSaid, width);
        };
    }

    /// <summary>The figure of true and predicted numbers in their own unit.</summary>
    /// <param name="truth">The true numbers, <c>[samples, width]</c>.</param>
    /// <param name="said">The predicted numbers, likewise.</param>
    /// <param name="width">Numbers of each sample.</param>
    private protected abstract double From(ReadOnlySpan<double> truth, ReadOnlySpan<double> said, int width);

    private static (double[] Truth, double[] Said) Values(in MetricBatch all)
    {
        int width = all.Numbers;
        double[] truth = new double[all.Count * width], said = new double[truth.Length];
        for (int i = 0; i < truth.Length; i++)
            (truth[i], said[i]) = (all.Value(i / width, i % width), all.PredictedValue(i / width, i % width));

        return (truth, said);
    }
}

/// <summary>Share of the targets' variance explained, as <see cref="Evaluation.R2"/>: 1 - sum of squared errors / sum of squared distances
/// from the mean; of several numbers the mean over them.</summary>
public sealed record R2 : NumberMetric
{
    /// <inheritdoc/>
    public override bool LessIsBetter => false;

    internal override double? Known(Evaluation evaluation) => evaluation.R2;

    private protected override double From(ReadOnlySpan<double> truth, ReadOnlySpan<double> said, int width)
    {
        double total = 0;
        for (int column = 0; column < width; column++)
        {
            double sum = 0, squares = 0, variance = 0;
            for (int i = column; i < truth.Length; i += width)
                sum += truth[i];

            double mean = sum * width / truth.Length;
            for (int i = column; i < truth.Length; i += width)
            {
                squares += (truth[i] - said[i]) * (truth[i] - said[i]);
                variance += (truth[i] - mean) * (truth[i] - mean);
            }

            total += variance > 0 ? 1 - (squares / variance) : double.NaN;
        }

        return total / width;
    }
}

/// <summary>Root of the mean squared error in the unit of the target, as <see cref="Evaluation.RootMeanSquaredError"/>.</summary>
public sealed record RootMeanSquaredError : NumberMetric
{
    internal override double? Known(Evaluation evaluation) => evaluation.RootMeanSquaredError;

    private protected override double From(ReadOnlySpan<double> truth, ReadOnlySpan<double> said, int width)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
            sum += (truth[i] - said[i]) * (truth[i] - said[i]);

        return Math.Sqrt(sum / truth.Length);
    }
}

/// <summary>Mean absolute error in the unit of the target, as <see cref="Evaluation.MeanAbsoluteError"/>.</summary>
public sealed record MeanAbsoluteError : NumberMetric
{
    internal override double? Known(Evaluation evaluation) => evaluation.MeanAbsoluteError;

    private protected override double From(ReadOnlySpan<double> truth, ReadOnlySpan<double> said, int width)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
            sum += Math.Abs(truth[i] - said[i]);

        return sum / truth.Length;
    }
}
