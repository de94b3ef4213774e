namespace Thalweg.Diagnostics;

/// <summary>Whether the features are of one scale.</summary>
public sealed record FeatureScaling : DataInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "over the first input of up to 2048 samples, evenly chosen: largest_magnitude = max |x|; mean_offset = max over features of " +
        "|mean|/deviation; " +
        "deviation_ratio = largest/smallest deviation of features that vary; constant: features that do not, the series their numbers";

    /// <inheritdoc/>
    public override string Source => "LeCun, Bottou, Orr, Mueller: Efficient backprop, 1998, section 4.3 (normalizing the inputs)";

    /// <inheritdoc/>
    public override string Unit => "unit of the feature (ratios: dimensionless; constant: features)";

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        FeatureColumns columns = FeatureColumns.Of(data);
        double[] varying = [.. columns.Deviations.Where(deviation => deviation > 0)];
        moment.Read("largest_magnitude", data.Features.Length == 0 ? 0 : data.Features.Max(Math.Abs));
        if (varying.Length > 0)
        {
            moment.Read("mean_offset", columns.Means.Zip(columns.Deviations, (mean, deviation) =>
                deviation > 0 ? Math.Abs(mean) / deviation : 0).Max());
            moment.Read("deviation_ratio", varying.Max() / varying.Min());
        }

        double[] constant = [.. Enumerable.Range(0, data.Width).Where(i => columns.Deviations[i] == 0).Select(i => (double)i)];
        moment.Read("constant", constant.Length, "", constant);
    }
}

/// <summary>Features that repeat others.</summary>
public sealed record DuplicateFeatures : DataInstrument
{
    private const int MostFeatures = 1024;
    private const double Same = 1 - 1e-9;

    /// <inheritdoc/>
    public override string Definition =>
        "duplicates: features with |correlation| > 1 - 1e-9 to an earlier one, over up to 2048 samples; the series holds pairs, " +
        "feature and the earlier one. " +
        "Constant features are left out; of more than 1024 features the first";

    /// <inheritdoc/>
    public override string Source =>
        "Guyon, Elisseeff: An introduction to variable and feature selection, JMLR 3, 2003, section 3.1 (redundant variables)";

    /// <inheritdoc/>
    public override string Unit => "features";

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        double[][] columns = [.. FeatureColumns.Of(data).Standardized(data, MostFeatures)];
        List<double> pairs = [];
        for (int i = 1; i < columns.Length; i++)
        {
            for (int j = 0; j < i && columns[i].Length > 0; j++)
            {
                if (columns[j].Length > 0 && Math.Abs(FlatMath.Dot(columns[i], columns[j])) > Same)
                {
                    pairs.Add(i);
                    pairs.Add(j);
                    break;
                }
            }
        }

        moment.Read("duplicates", pairs.Count / 2, "", [.. pairs]);
    }
}

/// <summary>Features that tell the target by themselves: it may have leaked into them.</summary>
/// <param name="Threshold">Share of the target's variance from which on a feature counts, in (0, 1].</param>
public sealed record LeakingFeatures(double Threshold = 0.98) : DataInstrument
{
    /// <summary>Share of the target's variance from which on a feature counts, in (0, 1]; default 0.98.</summary>
    public double Threshold { get; init => field = Within(value, double.Epsilon, 1); } = Threshold;

    /// <inheritdoc/>
    public override string Definition =>
        "per feature, of classes eta^2 = variance of the class means/variance, of numbers the squared correlation with the first " +
        "target, over up to 2048 samples; " +
        "the value is the largest, the series the features at or above the threshold";

    /// <inheritdoc/>
    public override string Source =>
        "Kaufman, Rosset, Perlich: Leakage in data mining, KDD 2011; Fisher: Statistical methods for research workers, 1925 " +
        "(correlation ratio)";

    /// <inheritdoc/>
    protected override string? Unfit(InstrumentData data) => data.Training is { HasTargets: true } ? null : "the samples have no targets";

    /// <inheritdoc/>
    protected override void Look(InstrumentMoment moment, InstrumentData data)
    {
        FeatureColumns columns = FeatureColumns.Of(data);
        double[] shares = data.HasClasses ? columns.OfClasses(data) : columns.OfNumbers(data);
        double[] leaking = [.. Enumerable.Range(0, shares.Length).Where(i => shares[i] >= Threshold).Select(i => (double)i)];
        moment.Read("largest", shares.Length == 0 ? 0 : shares.Max(), "", leaking);
    }
}

/// <summary>Means and deviations of features.</summary>
internal sealed class FeatureColumns
{
    private FeatureColumns(int width) => (Means, Deviations) = (new double[width], new double[width]);

    public double[] Means { get; }

    public double[] Deviations { get; }

    public static FeatureColumns Of(InstrumentData data)
    {
        FeatureColumns columns = new(data.Width);
        double[] x = data.Features, squares = new double[data.Width];
        int rows = data.Rows.Count;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < data.Width; i++)
            {
                // Against the first row: a feature that does not vary has a deviation of exactly 0.
                double from = x[((long)row * data.Width) + i] - x[i];
                columns.Means[i] += from;
                squares[i] += from * from;
            }
        }

        for (int i = 0; i < data.Width; i++)
        {
            double mean = columns.Means[i] / rows;
            columns.Deviations[i] = Math.Sqrt(Math.Max(0, (squares[i] / rows) - (mean * mean)));
            columns.Means[i] = x[i] + mean;
        }

        return columns;
    }

    /// <summary>Columns of mean 0 and length 1; empty where a feature does not vary.</summary>
    public IEnumerable<double[]> Standardized(InstrumentData data, int most)
    {
        int rows = data.Rows.Count;
        for (int i = 0; i < Math.Min(most, data.Width); i++)
        {
            int at = i;
            double scale = Deviations[i] * Math.Sqrt(rows);
            yield return Deviations[i] == 0
                ? []
                : [.. Enumerable.Range(0, rows).Select(row => (data.Features[((long)row * data.Width) + at] - Means[at]) / scale)];
        }
    }

    /// <summary>Share of each feature's variance that lies between the classes.</summary>
    public double[] OfClasses(InstrumentData data)
    {
        int classes = data.Training!.ClassNames.Count, rows = data.Rows.Count;
        double[] shares = new double[data.Width], counts = new double[classes];
        double[,] sums = new double[classes, data.Width];
        for (int row = 0; row < rows; row++)
        {
            int label = data.Labels[row];
            if (label < 0 || label >= classes)
                continue;

            counts[label]++;
            for (int i = 0; i < data.Width; i++)
                sums[label, i] += data.Features[((long)row * data.Width) + i] - Means[i];
        }

        for (int i = 0; i < data.Width; i++)
        {
            double between = 0;
            for (int label = 0; label < classes; label++)
                between += counts[label] > 0 ? sums[label, i] * sums[label, i] / counts[label] : 0;

            shares[i] = Deviations[i] > 0 ? between / (rows * Deviations[i] * Deviations[i]) : 0;
        }

        return shares;
    }

    /// <summary>Squared correlation of each feature with the first target.</summary>
    public double[] OfNumbers(InstrumentData data)
    {
        int rows = data.Rows.Count;
        Thalweg.Data.Batch batch = data.Training!.Take([.. data.Rows], DType.Float64);
        Tensor target = batch.Targets[0].To(DType.Float64).Reshape([rows, (int)(batch.Targets[0].Length / rows)]).Slice(1, 0, 1);
        double[] y = target.Contiguous().ToArray<double>();
        double mean = y.Average(), size = Math.Sqrt(y.Sum(value => (value - mean) * (value - mean)));
        double[] standard = [.. y.Select(value => size > 0 ? (value - mean) / size : 0)];
        return [.. Standardized(data, data.Width).Select(column => column.Length == 0 ? 0 : Math.Pow(FlatMath.Dot(column, standard), 2))];
    }
}
