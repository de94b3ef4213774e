using Thalweg.Data;

namespace Thalweg.Diagnostics;

/// <summary>How evenly the classes are represented.</summary>
public sealed record ClassImbalance : DataInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "ratio = samples of the largest/smallest class that occurs; entropy = -sum p log p/log(classes); the series of the ratio: " +
        "counts by class";

    /// <inheritdoc/>
    public override string Source => "He, Garcia: Learning from imbalanced data, IEEE TKDE 21, 2009, section 2";

    /// <inheritdoc/>
    protected override string? Unfit(InstrumentData data) => WithoutClasses(data);

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        double[] counts = [.. data.Training!.CountClasses().Select(count => (double)count)], seen = [.. counts.Where(count => count > 0)];
        double all = seen.Sum();
        moment.Read("ratio", seen.Length == 0 ? double.NaN : seen.Max() / seen.Min(), "", counts);
        moment.Read("entropy", counts.Length < 2 ? 0 : -seen.Sum(count => count / all * Math.Log(count / all)) / Math.Log(counts.Length));
    }
}

/// <summary>Whether samples come ordered by class.</summary>
public sealed record ClassOrder : DataInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "over the order of the first epoch: same = share of neighbors of one class; expected = sum p^2 by chance; excess = (same - " +
        "expected)/(1 - expected): " +
        "0 for shuffled, near 1 for ordered samples";

    /// <inheritdoc/>
    public override string Source =>
        "Bengio: Practical recommendations for gradient-based training, 2012, section 3.1 (shuffle the examples)";

    /// <inheritdoc/>
    protected override string? Unfit(InstrumentData data) => WithoutClasses(data);

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        Training.TrainerOptions options = data.Trainer.Options;
        int[] labels = InstrumentData.AllLabels(data.Training!), order = new int[options.Sampler.CountIn(data.Training!)];
        options.Sampler.Fill(new SamplerContext(data.Training!, options.Seed, 0, data.Trainer.BatchSize), order);
        double same = 0;
        for (int i = 1; i < order.Length; i++)
            same += labels[order[i]] == labels[order[i - 1]] ? 1 : 0;

        same /= Math.Max(1, order.Length - 1);
        double expected = labels.GroupBy(label => label).Sum(group => Math.Pow((double)group.Count() / labels.Length, 2));
        moment.Read("same", same);
        moment.Read("expected", expected);
        moment.Read("excess", expected < 1 ? (same - expected) / (1 - expected) : double.NaN, note: expected < 1 ? null
            : "there is one class");
    }
}

/// <summary>Whether training and validation data hold the same classes, or numbers of the same range.</summary>
public sealed record SplitCoverage : DataInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "missing_in_training, missing_in_validation: classes that occur in the other part alone, the series their numbers; " +
        "fewest_in_validation: samples of the rarest " +
        "class there. Of numbers: outside = share of validation targets outside the range of the training targets";

    /// <inheritdoc/>
    public override string Source => "Kohavi: A study of cross-validation and bootstrap, IJCAI 1995 (stratified samples)";

    /// <inheritdoc/>
    public override string Unit => "classes (fewest: samples; outside: dimensionless)";

    /// <inheritdoc/>
    protected override string? Unfit(InstrumentData data) => data.Validation is null ? "there are no validation data"
        : data is { HasClasses: false, Training.HasTargets: false } ? "the samples have no targets" : null;

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        if (!data.HasClasses)
        {
            (double low, double high) = Range(data.Training!, out _);
            _ = Range(data.Validation!, out double[] targets);
            moment.Read("outside", (double)targets.Count(value => value < low || value > high) / targets.Length);
            return;
        }

        int[] training = data.Training!.CountClasses(), validation = data.Validation!.CountClasses();
        Missing("missing_in_training", training, validation);
        Missing("missing_in_validation", validation, training);
        moment.Read("fewest_in_validation", validation.Where((_, label) => training[label] > 0).Min());

        void Missing(string quantity, int[] here, int[] there)
        {
            double[] missing = [.. Enumerable.Range(0, here.Length).Where(label => here[label] == 0 && there[label] > 0)
                .Select(label => (double)label)];
            moment.Read(quantity, missing.Length, "", missing);
        }
    }

    private static (double Low, double High) Range(Dataset data, out double[] targets)
    {
        Batch batch = data.Take([.. Enumerable.Range(0, data.Count)], DType.Float64);
        targets = batch.Targets[0].To(DType.Float64).Contiguous().ToArray<double>();
        return (targets.Min(), targets.Max());
    }
}

/// <summary>Labels that other samples contradict with confidence.</summary>
/// <param name="Neighbors">Neighbors that vote, 1 or more.</param>
public sealed record LabelNoise(int Neighbors = 10) : DataInstrument
{
    private const int Folds = 5;

    /// <summary>Neighbors that vote, 1 or more; default 10.</summary>
    public int Neighbors { get; init => field = AtLeast(1, value); } = Neighbors;

    /// <inheritdoc/>
    public override string Definition =>
        "share of samples whose label is confidently contradicted: p = votes of the nearest standardized samples of the other four " +
        "of five folds, t_c the mean of p_c " +
        "over samples of class c; counted where the most probable class c with p_c >= t_c is not the label; the series: those " +
        "samples; of more than 2048 as many";

    /// <inheritdoc/>
    public override string Source =>
        "Northcutt, Jiang, Chuang: Confident learning, JAIR 70, 2021, eqs. 1 and 2; Cover, Hart: Nearest neighbor pattern " +
        "classification, 1967";

    /// <inheritdoc/>
    protected override string? Unfit(InstrumentData data) =>
        WithoutClasses(data) ?? (data.Rows.Count < 2 * Folds ? $"{data.Rows.Count} samples are too few for {Folds} folds" : null);

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        double[][] votes = Votes(data);
        int classes = data.Training!.ClassNames.Count;
        double[] thresholds = new double[classes], counts = new double[classes];
        for (int row = 0; row < votes.Length; row++)
        {
            thresholds[data.Labels[row]] += votes[row][data.Labels[row]];
            counts[data.Labels[row]]++;
        }

        for (int label = 0; label < classes; label++)
            thresholds[label] = counts[label] > 0 ? thresholds[label] / counts[label] : double.PositiveInfinity;

        List<double> contradicted = [];
        for (int row = 0; row < votes.Length; row++)
        {
            int best = -1;
            for (int label = 0; label < classes; label++)
            {
                if (votes[row][label] >= thresholds[label] && (best < 0 || votes[row][label] > votes[row][best]))
                    best = label;
            }

            if (best >= 0 && best != data.Labels[row] && votes[row][best] > votes[row][data.Labels[row]])
                contradicted.Add(data.Rows[row]);
        }

        moment.Read("share", (double)contradicted.Count / votes.Length, "", [.. contradicted]);
    }

    /// <summary>Shares of the classes among the nearest neighbors in other folds.</summary>
    private double[][] Votes(InstrumentData data)
    {
        FeatureColumns columns = FeatureColumns.Of(data);
        int rows = data.Rows.Count, classes = data.Training!.ClassNames.Count;
        double[] x = new double[data.Features.Length], squares = new double[rows];
        for (int i = 0; i < x.Length; i++)
        {
            int column = i % data.Width;
            x[i] = columns.Deviations[column] > 0 ? (data.Features[i] - columns.Means[column]) / columns.Deviations[column] : 0;
            squares[i / data.Width] += x[i] * x[i];
        }

        Tensor matrix = Tensor.From(x, [rows, data.Width]);
        double[] products = matrix.MatMul(matrix.Transpose()).Contiguous().ToArray<double>();
        double[][] votes = new double[rows][];
        for (int row = 0; row < rows; row++)
        {
            int at = row;
            int[] others = [.. Enumerable.Range(0, rows).Where(other => other % Folds != at % Folds)];
            double[] distances = [.. others.Select(other => squares[other] - (2 * products[((long)at * rows) + other]))];
            Array.Sort(distances, others);
            int count = Math.Min(Neighbors, others.Length);
            votes[row] = new double[classes];
            for (int i = 0; i < count; i++)
                votes[row][data.Labels[others[i]]] += 1.0 / count;
        }

        return votes;
    }
}
