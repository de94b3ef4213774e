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

/// <summary>Share of samples whose most probable class is right, as <see cref="Evaluation.Accuracy"/>.</summary>
public sealed record Accuracy : KnownMetric
{
    /// <inheritdoc/>
    public override int LengthFor(int classes) => 0 * RefuseNumbers(classes);

    internal override double? Known(Evaluation evaluation) => evaluation.Accuracy;
}

/// <summary>Share of the targets' variance explained, as <see cref="Evaluation.R2"/>.</summary>
public sealed record R2 : NumberMetric
{
    /// <inheritdoc/>
    public override bool LessIsBetter => false;

    internal override double? Known(Evaluation evaluation) => evaluation.R2;
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
}

/// <summary>Root of the mean squared error in the unit of the target, as <see cref="Evaluation.RootMeanSquaredError"/>.</summary>
public sealed record RootMeanSquaredError : NumberMetric
{
    internal override double? Known(Evaluation evaluation) => evaluation.RootMeanSquaredError;
}

/// <summary>Mean absolute error in the unit of the target, as <see cref="Evaluation.MeanAbsoluteError"/>.</summary>
public sealed record MeanAbsoluteError : NumberMetric
{
    internal override double? Known(Evaluation evaluation) => evaluation.MeanAbsoluteError;
}

/// <summary>How figures of the classes are taken from counts of right and wrong answers: rows are the true classes, columns the predicted
/// ones.</summary>
public abstract record ConfusionMetric : Metric
{
    private protected ConfusionMetric()
    {
    }

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes) => checked(RefuseNumbers(classes) * classes);

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            sums[(batch.Label(i) * batch.Classes) + batch.PredictedClass(i)]++;
        }
    }

    /// <inheritdoc/>
    public sealed override double Result(ReadOnlySpan<double> sums)
    {
        int classes = (int)Math.Sqrt(sums.Length), seen = 0;
        double total = 0;
        for (int k = 0; k < classes; k++)
        {
            double right = sums[(k * classes) + k], belong = 0, said = 0;
            for (int other = 0; other < classes; other++)
            {
                belong += sums[(k * classes) + other];
                said += sums[(other * classes) + k];
            }

            double figure = Of(right, belong, said);
            (total, seen) = double.IsNaN(figure) ? (total, seen) : (total + figure, seen + 1);
        }

        return total / seen;
    }

    /// <summary>The figure of one class; NaN where it is left out of the mean.</summary>
    /// <param name="right">Its samples that were found.</param>
    /// <param name="belong">Its samples.</param>
    /// <param name="said">Samples that were said to belong to it.</param>
    private protected abstract double Of(double right, double belong, double said);
}

/// <summary>Mean over the classes of the share of their samples that is found, so that each class counts alike, however rare.</summary>
/// <remarks>Classes without a sample are left out. Source: Brodersen, Ong, Stephan, Buhmann, "The balanced accuracy and its posterior
/// distribution", 2010; as scikit-learn's balanced_accuracy_score.</remarks>
public sealed record BalancedAccuracy : ConfusionMetric
{
    private protected override double Of(double right, double belong, double said) => belong == 0 ? double.NaN : right / belong;
}

/// <summary>Mean over the classes of F1 = 2 right / (belong + said), the harmonic mean of precision and recall.</summary>
/// <remarks>Classes that neither occur nor are predicted are left out. Source: van Rijsbergen, "Information retrieval", 1979, chapter 7;
/// as scikit-learn's f1_score with average=macro.</remarks>
public sealed record MacroF1 : ConfusionMetric
{
    private protected override double Of(double right, double belong, double said) => 2 * right / (belong + said);
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
        {
            throw Unfit("an output for each class", $"{batch.Outputs.Shape[1]} for {batch.Classes} classes");
        }

        for (int i = 0; i < batch.Count; i++)
        {
            double own = batch.Output(i, batch.Label(i));
            int larger = 0;
            for (int k = 0; k < batch.Classes; k++)
            {
                larger += batch.Output(i, k) > own ? 1 : 0;
            }

            sums[0] += larger < K ? 1 : 0;
            sums[1]++;
        }
    }

    /// <inheritdoc/>
    public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];
}
