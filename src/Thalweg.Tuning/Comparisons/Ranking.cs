using Thalweg.Data;

namespace Thalweg.Tuning;

/// <summary>Makes the result from finished trials, whatever the order in which they ended.</summary>
internal sealed class Ranking(DataSplit data, ComparisonOptions options, IReadOnlyList<double> rates)
{
    /// <summary>Share of the way from the trivial answer to the winner that makes the target.</summary>
    private const double TargetShare = 0.95;

    /// <summary>The metric of the trivial answer.</summary>
    public double Trivial { get; } = data.Validation.Data.Task.HasClasses
        ? (double)data.Validation.Data.CountClasses().Max() / data.Validation.Data.Count
        : 0;

    /// <summary>The metric that counts: that of the trivial answer where a trial diverged.</summary>
    public double Counted(ComparisonTrial trial) => trial.Diverged || !double.IsFinite(trial.Metric) ? Trivial : trial.Metric;

    /// <summary>The tuning of a contender, by rate.</summary>
    public RateResult[] Tuned(IEnumerable<ComparisonTrial> trials) =>
    [
        .. trials.GroupBy(trial => trial.Trial.Rate).OrderBy(group => group.Key).Select(group =>
        {
            ComparisonTrial[] bySeed = [.. group.OrderBy(trial => trial.Trial.Seed)];
            return new RateResult(group.Key, bySeed.Average(Counted), [.. bySeed.Select(Counted)], bySeed.Count(trial => trial.Diverged));
        }),
    ];

    /// <summary>The best rate: the lowest of equals.</summary>
    public double BestRate(IEnumerable<ComparisonTrial> trials) => Tuned(trials).MaxBy(rate => rate.Mean)!.Rate;

    /// <summary>The result of all trials.</summary>
    public ComparisonResult Make(string name, int stepsPerEpoch, IReadOnlyCollection<ComparisonTrial> trials, TestResult? test)
    {
        ComparisonTrial[][] runs = [.. Enumerable.Range(0, options.Contenders.Count).Select(c => Of(trials, c, TrialPhase.Ranking))];
        double[] means = [.. runs.Select(own => own.Average(Counted))];
        double target = options.Target ?? (Trivial + (TargetShare * (means.Max() - Trivial)));
        BootstrapFigures[] figures = Bootstrap.Of([.. runs.Select(own => own.Select(Scores).ToArray())], options.Resamples, options.Seed);
        int[] order = [.. Enumerable.Range(0, means.Length).OrderByDescending(c => means[c])];
        return new ComparisonResult
        {
            Options = options,
            Data = name,
            TrainingSamples = data.Training.Data.Count,
            ValidationSamples = data.Validation.Data.Count,
            MetricName = data.Validation.Data.Task.MetricName,
            Trivial = Trivial,
            Target = target,
            StepsPerEpoch = stepsPerEpoch,
            Rates = rates,
            Ranking = [.. order.Select((c, position) =>
                Ranked(position + 1, options.Contenders[c], (runs[c], Of(trials, c, TrialPhase.Tuning)),
                    (means[c], target, stepsPerEpoch)) with { Bootstrap = figures[c] })],
            Cost = TrialCost.Of(trials),
            Test = test,
        };
    }

    private RankedContender Ranked(
        int rank, Contender contender, (ComparisonTrial[] Runs, ComparisonTrial[] Tuning) own,
            (double Metric, double Target, int StepsPerEpoch) figures)
    {
        double rate = own.Runs[0].Trial.Rate;
        int?[] reached = [.. own.Runs.Select(run => EpochsTo(run, figures.Target))];
        return new RankedContender
        {
            Rank = rank,
            Contender = contender,
            Name = contender.Name,
            Formula = contender.FormulaAt(rate),
            Rate = rate,
            IsAtEdge = rates.Count > 1 && (rate == rates[0] || rate == rates[^1]),
            Metric = figures.Metric,
            Bootstrap = default,
            StepsToTarget = (long?)Median([.. reached.Select(epochs => epochs * (double)figures.StepsPerEpoch)]),
            SecondsToTarget = Median(
                [.. own.Runs.Select((run, i) => reached[i] is { } epochs ? run.EpochSeconds.Take(epochs).Sum() : (double?)null)]),
            Tuning = TrialCost.Of(own.Tuning),
            Rates = Tuned(own.Tuning),
            Runs = [.. own.Runs.Select(Curve)],
        };
    }

    private static ComparisonTrial[] Of(IEnumerable<ComparisonTrial> trials, int contender, TrialPhase phase) =>
        [.. trials.Where(trial => trial.Trial.Contender == contender && trial.Trial.Phase == phase)
            .OrderBy(trial => trial.Trial.Rate).ThenBy(trial => trial.Trial.Seed)];

    private float[] Scores(ComparisonTrial run) =>
        run.Scores is null ? [.. Enumerable.Repeat((float)Trivial, data.Validation.Data.Count)] : run.SampleScores.ToArray();

    private static RunCurve Curve(ComparisonTrial run)
    {
        double seconds = 0;
        return new(run.Trial.Seed, run.Diverged, run.TrainingLoss, run.ValidationLoss, run.Metrics,
            [.. run.EpochSeconds.Select(epoch => seconds += epoch)]);
    }

    private static int? EpochsTo(ComparisonTrial run, double target)
    {
        for (int epoch = 0; epoch < run.Metrics.Count; epoch++)
        {
            if (run.Metrics[epoch] >= target)
                return epoch + 1;
        }

        return null;
    }

    /// <summary>The median, those that are missing counted as infinite; null where it is one of them.</summary>
    private static double? Median(double?[] values)
    {
        double[] sorted = [.. values.Select(value => value ?? double.PositiveInfinity).Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return double.IsFinite(median) ? median : null;
    }
}
