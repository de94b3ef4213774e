namespace Thalweg.Metrics;

/// <summary>How figures of single classes become one.</summary>
public enum ClassAverage
{
    /// <summary>Mean over the classes, each counts alike, however rare.</summary>
    Macro,

    /// <summary>The figure of the counts of all classes together, each sample counts alike.</summary>
    Micro,

    /// <summary>Mean over the classes, each by its number of samples.</summary>
    Weighted,
}

/// <summary>A figure that is taken from counts of right and wrong answers: rows are the true classes, columns the predicted ones.</summary>
public abstract record ConfusionMetric : Metric
{
    private protected ConfusionMetric()
    {
    }

    /// <inheritdoc/>
    public override int LengthFor(int classes) => checked(RefuseNumbers(classes) * classes);

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
            sums[(batch.Label(i) * batch.Classes) + batch.PredictedClass(i)]++;
    }

    /// <inheritdoc/>
    public sealed override double Result(ReadOnlySpan<double> sums) => From(new ClassCounts(sums));

    internal sealed override Func<int[], double> Resampler(Predictions predictions)
    {
        MetricBatch all = predictions.Batch;
        double[] counts = new double[LengthFor(all.Classes)];
        int[] cells = new int[all.Count];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = (all.Label(i) * all.Classes) + all.PredictedClass(i);

        return rows =>
        {
            Array.Clear(counts);
            foreach (int row in rows)
                counts[cells[row]]++;

            return Result(counts);
        };
    }

    /// <summary>The figure of the counts.</summary>
    private protected abstract double From(in ClassCounts counts);
}

/// <summary>Counts of right and wrong answers.</summary>
internal readonly ref struct ClassCounts
{
    private readonly ReadOnlySpan<double> _cells;

    /// <param name="cells">Samples by true and predicted class, <c>[classes, classes]</c>.</param>
    public ClassCounts(ReadOnlySpan<double> cells)
    {
        _cells = cells;
        Classes = (int)Math.Sqrt(cells.Length);
    }

    public int Classes { get; }

    /// <summary>The samples of a class that were found, all its samples, and those that were said to belong to it.</summary>
    public (double Right, double Belong, double Said) Of(int k)
    {
        double belong = 0, said = 0;
        for (int other = 0; other < Classes; other++)
        {
            belong += _cells[(k * Classes) + other];
            said += _cells[(other * Classes) + k];
        }

        return (_cells[(k * Classes) + k], belong, said);
    }
}

/// <summary>A figure of each class, and what becomes of the several.</summary>
public abstract record ClassMetric : ConfusionMetric
{
    private protected ClassMetric(ClassAverage average) => Average = average;

    /// <summary>How the figures of the classes become one; default <see cref="ClassAverage.Macro"/>.</summary>
    public ClassAverage Average { get; init; }

    /// <summary>The only class that counts, by its 0-based number; null, the default, for all.</summary>
    /// <exception cref="ThalwegException">The number is below 0: give another.</exception>
    public int? Class { get; init => field = value is null ? null : AtLeast(0, value.Value); }

    /// <inheritdoc/>
    public override string Name => (Class, Average) switch
    {
        ({ } one, _) => System.FormattableString.Invariant($"{Settings.NameOf(GetType())}_class_{one}"),
        (_, ClassAverage.Macro) => Settings.NameOf(GetType()),
        _ => $"{SettingsText.Snake(Average.ToString())}_{Settings.NameOf(GetType())}",
    };

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes) => Class is { } one && one >= classes && classes > 0
        ? throw Unfit($"more than {one} classes", $"{classes}")
        : base.LengthFor(classes);

    private protected sealed override double From(in ClassCounts counts)
    {
        if (Class is { } one)
            return Of(counts.Of(one));

        double total = 0, weights = 0;
        (double Right, double Belong, double Said) all = default;
        for (int k = 0; k < counts.Classes; k++)
        {
            (double right, double belong, double said) = counts.Of(k);
            all = (all.Right + right, all.Belong + belong, all.Said + said);

            // Classes that neither occur nor are predicted are no classes of these samples.
            double weight = belong + said == 0 ? 0 : Average == ClassAverage.Macro ? 1 : belong;
            (total, weights) = weight == 0 ? (total, weights) : (total + (weight * Of((right, belong, said))), weights + weight);
        }

        return Average == ClassAverage.Micro ? Of(all) : total / weights;
    }

    /// <summary>The figure of one class; 0 where there is nothing to divide by, NaN where the class neither occurs nor is
    /// predicted.</summary>
    private protected abstract double Of((double Right, double Belong, double Said) counts);

    /// <summary>A share; 0 of nothing.</summary>
    private protected static double Share(double part, double whole, double seen) =>
        seen == 0 ? double.NaN : whole == 0 ? 0 : part / whole;
}

/// <summary>Share of the samples said to belong to a class that do: right / said.</summary>
/// <remarks>0 for a class that is never predicted; classes that neither occur nor are predicted are left out. As scikit-learn's
/// precision_score with zero_division=0. Source: van Rijsbergen, "Information retrieval", 1979, chapter 7.</remarks>
/// <param name="Average">How the figures of the classes become one; default macro.</param>
public sealed record Precision(ClassAverage Average = ClassAverage.Macro) : ClassMetric(Average)
{
    private protected override double Of((double Right, double Belong, double Said) counts) =>
        Share(counts.Right, counts.Said, counts.Belong + counts.Said);
}

/// <summary>Share of the samples of a class that are found: right / belong.</summary>
/// <remarks>0 for a class that is predicted but never occurs; classes that neither occur nor are predicted are left out. As scikit-learn's
/// recall_score with zero_division=0. Source: van Rijsbergen, "Information retrieval", 1979, chapter 7.</remarks>
/// <param name="Average">How the figures of the classes become one; default macro.</param>
public sealed record Recall(ClassAverage Average = ClassAverage.Macro) : ClassMetric(Average)
{
    private protected override double Of((double Right, double Belong, double Said) counts) =>
        Share(counts.Right, counts.Belong, counts.Belong + counts.Said);
}

/// <summary>F1 = 2 right / (belong + said), the harmonic mean of precision and recall.</summary>
/// <remarks>Classes that neither occur nor are predicted are left out. As scikit-learn's f1_score. Source: van Rijsbergen, "Information
/// retrieval", 1979, chapter 7.</remarks>
/// <param name="Average">How the figures of the classes become one; default macro.</param>
public sealed record F1(ClassAverage Average = ClassAverage.Macro) : ClassMetric(Average)
{
    private protected override double Of((double Right, double Belong, double Said) counts) =>
        Share(2 * counts.Right, counts.Belong + counts.Said, counts.Belong + counts.Said);
}

/// <summary>Mean over the classes of F1 = 2 right / (belong + said), the harmonic mean of precision and recall: <see cref="F1"/> at its
/// defaults.</summary>
/// <remarks>Classes that neither occur nor are predicted are left out. Source: van Rijsbergen, "Information retrieval", 1979, chapter 7;
/// as scikit-learn's f1_score with average=macro.</remarks>
public sealed record MacroF1 : ConfusionMetric
{
    private protected override double From(in ClassCounts counts)
    {
        double total = 0;
        int seen = 0;
        for (int k = 0; k < counts.Classes; k++)
        {
            (double right, double belong, double said) = counts.Of(k);
            (total, seen) = belong + said == 0 ? (total, seen) : (total + (2 * right / (belong + said)), seen + 1);
        }

        return total / seen;
    }
}

/// <summary>Mean over the classes of the share of their samples that is found, so that each class counts alike, however rare.</summary>
/// <remarks>Classes without a sample are left out. Source: Brodersen, Ong, Stephan, Buhmann, "The balanced accuracy and its posterior
/// distribution", 2010; as scikit-learn's balanced_accuracy_score.</remarks>
public sealed record BalancedAccuracy : ConfusionMetric
{
    private protected override double From(in ClassCounts counts)
    {
        double total = 0;
        int seen = 0;
        for (int k = 0; k < counts.Classes; k++)
        {
            (double right, double belong, _) = counts.Of(k);
            (total, seen) = belong == 0 ? (total, seen) : (total + (right / belong), seen + 1);
        }

        return total / seen;
    }
}

/// <summary>Correlation of true and predicted classes, in [-1, 1]: 0 for answers that do not depend on the sample, whatever the sizes of
/// the classes.</summary>
/// <remarks>(c n - sum_k t_k p_k) / sqrt((n^2 - sum_k p_k^2) (n^2 - sum_k t_k^2)), with c right of n samples, t_k samples of class k and
/// p_k said to belong to it; 0 where a root is 0. Source: Matthews, 1975; Gorodkin, "Comparing two K-category assignments by a K-category
/// correlation coefficient", 2004, equation 8; as scikit-learn's matthews_corrcoef.</remarks>
public sealed record Matthews : ConfusionMetric
{
    private protected override double From(in ClassCounts counts)
    {
        double right = 0, all = 0, products = 0, saidSquares = 0, trueSquares = 0;
        for (int k = 0; k < counts.Classes; k++)
        {
            (double own, double belong, double said) = counts.Of(k);
            (right, all, products) = (right + own, all + belong, products + (belong * said));
            (saidSquares, trueSquares) = (saidSquares + (said * said), trueSquares + (belong * belong));
        }

        double spread = ((all * all) - saidSquares) * ((all * all) - trueSquares);
        return all == 0 ? double.NaN : spread == 0 ? 0 : ((right * all) - products) / Math.Sqrt(spread);
    }
}
