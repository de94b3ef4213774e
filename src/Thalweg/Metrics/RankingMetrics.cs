namespace Thalweg.Metrics;

/// <summary>A figure that needs the outputs of all samples at once, as a ranking does.</summary>
/// <remarks>It is computed on validation and test data. For the batches of training it is NaN: their outputs come from a network that
/// changes between them. A metric of your own overrides <see cref="Figure"/>.</remarks>
public abstract record CollectedMetric : Metric
{
    /// <inheritdoc/>
    public override int LengthFor(int classes) => 0;

    /// <inheritdoc/>
    public sealed override void Add(in MetricBatch batch, Span<double> sums)
    {
    }

    /// <inheritdoc/>
    public sealed override double Result(ReadOnlySpan<double> sums) => double.NaN;

    /// <summary>The figure; NaN where it has none.</summary>
    /// <param name="all">Outputs and true targets of all samples.</param>
    protected abstract double Figure(in MetricBatch all);

    internal sealed override double Compute(in MetricBatch all) => Figure(all);

    internal override Func<int[], double>? Resampler(Predictions predictions) => rows => Of(predictions.Take(rows));
}

/// <summary>A figure of how well samples of a class are ranked before the others by its probability, the mean over the classes, each
/// against the rest.</summary>
/// <remarks>For two classes it is that of the second. Classes that all samples have, or none, are left out.</remarks>
public abstract record RankingMetric : CollectedMetric
{
    private protected RankingMetric(ClassAverage average) => Average = average != ClassAverage.Micro
        ? average
        : throw new ThalwegException("[ranking] expected the average macro or weighted, got micro; leave it out");

    /// <summary>How the figures of the classes become one, macro or weighted; default <see cref="ClassAverage.Macro"/>.</summary>
    public ClassAverage Average { get; init; }

    /// <inheritdoc/>
    public override string Name => Average == ClassAverage.Macro
        ? Settings.NameOf(GetType()) : $"{SettingsText.Snake(Average.ToString())}_{Settings.NameOf(GetType())}";

    /// <inheritdoc/>
    public sealed override int LengthFor(int classes) => 0 * RefuseNumbers(classes);

    /// <inheritdoc/>
    protected sealed override double Figure(in MetricBatch all) => Of(Rankings(all), [], all.Count);

    internal sealed override Func<int[], double> Resampler(Predictions predictions)
    {
        int count = predictions.Count;
        Ranking[] rankings = Rankings(predictions.Batch);
        int[] times = new int[count];
        return rows =>
        {
            Array.Clear(times);
            foreach (int row in rows)
                times[row]++;

            return Of(rankings, times, count);
        };
    }

    /// <summary>The figure of a class.</summary>
    /// <param name="ranking">Its samples and the others, by descending probability.</param>
    /// <param name="times">How often each sample counts; empty for once.</param>
    private protected abstract double Of(Ranking ranking, ReadOnlySpan<int> times);

    private double Of(Ranking[] rankings, ReadOnlySpan<int> times, int count)
    {
        double total = 0, weights = 0;
        foreach (Ranking ranking in rankings)
        {
            double own = ranking.Positives(times);
            if (own == 0 || own == count)
                continue;

            double weight = Average == ClassAverage.Macro ? 1 : own;
            (total, weights) = (total + (weight * Of(ranking, times)), weights + weight);
        }

        return total / weights;
    }

    private static Ranking[] Rankings(in MetricBatch all)
    {
        int classes = all.Classes;
        Ranking[] rankings = new Ranking[classes == 2 ? 1 : classes];
        (double[][] scores, bool[][] own) = (new double[rankings.Length][], new bool[rankings.Length][]);
        for (int k = 0; k < rankings.Length; k++)
            (scores[k], own[k]) = (new double[all.Count], new bool[all.Count]);

        for (int i = 0; i < all.Count; i++)
        {
            ReadOnlySpan<double> probabilities = all.Probabilities(i);
            for (int k = 0; k < rankings.Length; k++)
            {
                int which = classes == 2 ? 1 : k;
                (scores[k][i], own[k][i]) = (probabilities[which], all.Label(i) == which);
            }
        }

        for (int k = 0; k < rankings.Length; k++)
            rankings[k] = new Ranking(scores[k], own[k]);

        return rankings;
    }
}

/// <summary>Samples by descending score, and which of them belong to the class.</summary>
internal sealed class Ranking
{
    private readonly int[] _order;
    private readonly bool[] _own;
    private readonly bool[] _endsTie;

    public Ranking(double[] scores, bool[] own)
    {
        (_own, _order) = (own, [.. Enumerable.Range(0, scores.Length)]);
        Array.Sort(_order, (a, b) => scores[b].CompareTo(scores[a]) is not 0 and var order ? order : a.CompareTo(b));
        _endsTie = new bool[_order.Length];
        for (int i = 0; i < _order.Length; i++)
            _endsTie[i] = i + 1 == _order.Length || !scores[_order[i]].Equals(scores[_order[i + 1]]);
    }

    /// <summary>Samples of the class.</summary>
    public double Positives(ReadOnlySpan<int> times)
    {
        double sum = 0;
        for (int i = 0; i < _own.Length; i++)
            sum += _own[i] ? times.Length == 0 ? 1 : times[i] : 0;

        return sum;
    }

    /// <summary>Goes through the thresholds from the highest: what is called gets the samples of the class, and the others, that each
    /// adds.</summary>
    public void Visit(ReadOnlySpan<int> times, Action<double, double> threshold)
    {
        double own = 0, others = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            int sample = _order[i], count = times.Length == 0 ? 1 : times[sample];
            (own, others) = _own[sample] ? (own + count, others) : (own, others + count);
            if (!_endsTie[i])
                continue;

            if (own + others > 0)
                threshold(own, others);

            (own, others) = (0, 0);
        }
    }
}

/// <summary>Area under the receiver operating characteristic: the probability that a sample of the class has a higher score than one of
/// another; equal scores count half.</summary>
/// <remarks>0.5 for scores by chance. As scikit-learn's roc_auc_score with multi_class=ovr. Source: Hanley, McNeil, "The meaning and use of
/// the area under a receiver operating characteristic (ROC) curve", 1982; one against the rest: Provost, Domingos, 2000.</remarks>
/// <param name="Average">How the figures of the classes become one, macro or weighted; default macro.</param>
public sealed record RocAuc(ClassAverage Average = ClassAverage.Macro) : RankingMetric(Average)
{
    private protected override double Of(Ranking ranking, ReadOnlySpan<int> times)
    {
        double found = 0, passed = 0, area = 0;
        ranking.Visit(times, (own, others) =>
        {
            area += others * (found + (own / 2));
            (found, passed) = (found + own, passed + others);
        });
        return area / (found * passed);
    }
}

/// <summary>Area under the curve of precision and recall, as the mean of the precisions at each threshold by the recall that it adds;
/// for rare classes.</summary>
/// <remarks>sum_t (R_t - R_(t-1)) P_t, without interpolation, which would be too good. By chance it is the share of the class. As
/// scikit-learn's average_precision_score. Source: Davis, Goadrich, "The relationship between precision-recall and ROC curves",
/// 2006.</remarks>
/// <param name="Average">How the figures of the classes become one, macro or weighted; default macro.</param>
public sealed record AveragePrecision(ClassAverage Average = ClassAverage.Macro) : RankingMetric(Average)
{
    private protected override double Of(Ranking ranking, ReadOnlySpan<int> times)
    {
        double found = 0, seen = 0, sum = 0;
        ranking.Visit(times, (own, others) =>
        {
            (found, seen) = (found + own, seen + own + others);
            sum += own * found / seen;
        });
        return sum / found;
    }
}
