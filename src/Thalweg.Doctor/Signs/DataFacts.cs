using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>What the data say by themselves: sizes, classes, what nearest neighbors and a linear model reach.</summary>
internal sealed class DataFacts
{
    private const int MostRows = 1500, Neighbors = 10;
    private const double MostProducts = 2e8;

    private readonly Trainer _trainer;
    private readonly Lazy<NeighborVotes?> _votes;

    /// <param name="trainer">The run.</param>
    public DataFacts(Trainer trainer)
    {
        _trainer = trainer;
        _votes = new Lazy<NeighborVotes?>(Vote);
    }

    /// <summary>The training data; null where they are a stream.</summary>
    public Dataset? Training => _trainer.TrainingData.Stream is null ? _trainer.TrainingData.Data : null;

    /// <summary>The validation data; null for none.</summary>
    public Dataset? Validation => _trainer.ValidationData is { Data.Count: > 0 } validation ? validation.Data : null;

    /// <summary>Whether each sample has one class.</summary>
    public bool HasClasses => Training is { HasTargets: true } data && data.Task.HasClasses && data.Task.Targets.Count == 1
        && data.ClassNames.Count > 1 && data.Task is ClassificationTask;

    /// <summary>Whether one number or several are learned.</summary>
    public bool HasNumbers => Training is { HasTargets: true } data && data.Task is RegressionTask;

    /// <summary>Number of training samples.</summary>
    public int Count => Training?.Count ?? 0;

    /// <summary>Number of validation samples.</summary>
    public int ValidationCount => Validation?.Count ?? 0;

    /// <summary>Metric of the trivial answer on the validation data; NaN where there is none.</summary>
    public double Trivial => field is 0 && Training is { } training ? field = Baseline.Of(training, Validation ?? training) : field;

    /// <summary>Samples of each class.</summary>
    public int[] ClassCounts => field ??= HasClasses ? Training!.CountClasses() : [];

    /// <summary>Share of the rarest class that occurs, times the number of classes: 1 where all are alike.</summary>
    public double RarestShare => ClassCounts.Length == 0 || Count == 0 ? double.NaN
        : (double)ClassCounts.Where(count => count > 0).DefaultIfEmpty(0).Min() * ClassCounts.Length / Count;

    /// <summary>Accuracy, or R2, of the nearest neighbors on the validation data (else of each training sample by the others); NaN where they
    /// were not asked.</summary>
    public double NeighborMetric => _votes.Value?.Metric ?? double.NaN;

    /// <summary>Share of training samples whose neighbors nearly all have another class.</summary>
    public double Contradicted => _votes.Value?.Contradicted ?? double.NaN;

    /// <summary>Share of training samples whose neighbors are divided.</summary>
    public double Divided => _votes.Value?.Divided ?? double.NaN;

    /// <summary>Share of validation samples that are equal to a training sample.</summary>
    public double Shared => _votes.Value?.Shared ?? double.NaN;

    /// <summary>What a linear model reaches on the validation data; NaN where it was not fitted.</summary>
    public double LinearMetric
    {
        get
        {
            if (field is not 0)
                return field;
            try
            {
                bool isCheap = Training is { HasTargets: true } && Validation is not null && LinearReference.IsCheap(_trainer.TrainingData)
                    && (HasClasses || HasNumbers);
                field = isCheap ? LinearReference.Fit(_trainer.TrainingData, _trainer.ValidationData!).Metric : double.NaN;
            }
            catch (ThalwegException)
            {
                field = double.NaN;
            }

            return field;
        }
    }

    /// <summary>Largest over smallest eigenvalue of the correlations between the features of a table; NaN for other data and for wide
    /// tables.</summary>
    public double InputCondition => field is 0 ? field = FeatureCorrelations.Condition(Training) : field;

    /// <summary>Largest metric that something else than the network reaches, the trivial answer at least.</summary>
    public double Reference => new[] { Trivial, NeighborMetric, LinearMetric }.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Correlation of the first target between neighboring training samples, in the order of the data; NaN where there are no
    /// numbers.</summary>
    public double TargetOrder
    {
        get
        {
            double[] y = FirstTargets;
            (double mean, double deviation) = TargetMoments;
            double sum = 0;
            for (int i = 1; i < y.Length; i++)
                sum += (y[i] - mean) * (y[i - 1] - mean);
            return y.Length < 3 || deviation == 0 ? double.NaN : sum / ((y.Length - 1) * deviation * deviation);
        }
    }

    /// <summary>Mean and standard deviation of the first target of the training samples; NaN where there are no numbers.</summary>
    public (double Mean, double Deviation) TargetMoments
    {
        get
        {
            double[] y = FirstTargets;
            double mean = y.Length == 0 ? double.NaN : y.Average();
            return (mean, y.Length == 0 ? double.NaN : Math.Sqrt(y.Average(value => (value - mean) * (value - mean))));
        }
    }

    /// <summary>Share of the first targets of the training samples that lie outside a range.</summary>
    public double TargetsOutside(double low, double high) => FirstTargets.Length == 0 ? double.NaN
        : (double)FirstTargets.Count(value => value < low || value > high) / FirstTargets.Length;

    /// <summary>Rows whose distances are cheap to compare: fewer of wide samples.</summary>
    private static int RowsOf(Dataset data)
    {
        double width = data.FeatureShape.Aggregate(1, (product, size) => product * size);
        return (int)Math.Clamp(Math.Sqrt(MostProducts / width), 64, MostRows);
    }

    private double[] FirstTargets => field ??= HasNumbers ? Numbers(Training!) : [];

    private static double[] Numbers(Dataset data)
    {
        Tensor targets = data.Take([.. Enumerable.Range(0, Math.Min(data.Count, 4096))], DType.Float64).Targets[0].To(DType.Float64);
        int rows = targets.Shape[0];
        return targets.Reshape([rows, (int)(targets.Length / rows)]).Slice(1, 0, 1).Contiguous().ToArray<double>();
    }

    private NeighborVotes? Vote() => Training is { HasTargets: true, Count: > 20 } training && (HasClasses || HasNumbers)
        ? NeighborVotes.Of(training, Validation, HasClasses, RowsOf(training), Neighbors) : null;
}
