using Thalweg.Metrics;

namespace Thalweg.Tests.Metrics;

/// <summary>Intervals and rankings beside slow definitions, on random cases.</summary>
public sealed class IntervalTests
{
    private const int Cases = 50;

    private static readonly string[] s_classMetrics =
    [
        "balanced_accuracy", "precision", "recall(weighted)", "f1(micro)", "f1(class=1)", "matthews", "log_loss", "perplexity", "brier",
        "expected_calibration_error", "roc_auc", "roc_auc(weighted)", "average_precision", "macro_f1",
    ];

    private static readonly string[] s_numberMetrics =
        ["r2", "root_mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "pinball(0.9)"];

    [Fact]
    public void Bootstraps_equal_drawing_and_computing_anew()
    {
        for (int i = 0; i < Cases; i++)
        {
            (int[] labels, double[] probabilities, int classes) = Classes(i);
            Predictions all = Predictions.OfClasses(labels, probabilities);
            string name = s_classMetrics[i % s_classMetrics.Length];
            Compare(name, all, rows => Predictions.OfClasses(
                [.. rows.Select(row => labels[row])], [.. rows.SelectMany(row => probabilities[(row * classes)..((row + 1) * classes)])]), i);
        }

        for (int i = 0; i < Cases; i++)
        {
            (double[] targets, double[] said) = Numbers(i);
            string name = s_numberMetrics[i % s_numberMetrics.Length];
            Compare(name, Predictions.OfNumbers(targets, said), rows => Predictions.OfNumbers(
                [.. rows.Select(row => targets[row])], [.. rows.Select(row => said[row])]), i);
        }
    }

    [Fact]
    public void Area_under_the_curve_is_the_share_of_pairs_in_order()
    {
        for (int i = 0; i < Cases; i++)
        {
            (int[] labels, double[] probabilities, int classes) = Classes(i);
            double sum = 0;
            int seen = 0;
            for (int k = classes == 2 ? 1 : 0; k < classes; k++)
            {
                double ordered = 0, pairs = 0;
                for (int a = 0; a < labels.Length; a++)
                {
                    for (int b = 0; b < labels.Length; b++)
                    {
                        if (labels[a] != k || labels[b] == k)
                            continue;
                        pairs++;
                        int sign = Math.Sign(probabilities[(a * classes) + k] - probabilities[(b * classes) + k]);
                        ordered += sign > 0 ? 1 : sign == 0 ? 0.5 : 0;
                    }
                }

                (sum, seen) = pairs == 0 ? (sum, seen) : (sum + (ordered / pairs), seen + 1);
            }

            new RocAuc().Of(Predictions.OfClasses(labels, probabilities)).ShouldBe(sum / seen, 1e-12);
        }
    }

    [Fact]
    public void Calibration_error_is_the_gap_of_each_bin()
    {
        for (int i = 0; i < Cases; i++)
        {
            (int[] labels, double[] probabilities, int classes) = Classes(i);
            (double Confidence, bool IsRight)[] answers = [.. labels.Select((label, row) =>
            {
                double[] own = probabilities[(row * classes)..((row + 1) * classes)];
                return (own.Max(), Array.IndexOf(own, own.Max()) == label);
            })];
            int bins = 1 + (i % 20);
            double expected = Enumerable.Range(0, bins).Sum(bin =>
            {
                (double Confidence, bool IsRight)[] inside =
                    [.. answers.Where(answer => answer.Confidence * bins > bin && answer.Confidence * bins <= bin + 1)];
                return inside.Length == 0 ? 0 : inside.Length / (double)labels.Length
                    * Math.Abs(inside.Average(answer => answer.Confidence) - inside.Average(answer => answer.IsRight ? 1.0 : 0));
            });
            new ExpectedCalibrationError(bins).Of(Predictions.OfClasses(labels, probabilities)).ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void Intervals_cover_as_often_as_they_say()
    {
        RandomStream random = new(5, RandomPurpose.User);
        int wilson = 0, bootstrap = 0;
        const int Runs = 400, Samples = 60;
        for (int run = 0; run < Runs; run++)
        {
            double[] targets = new double[Samples], said = new double[Samples];
            int right = 0;
            for (int i = 0; i < Samples; i++)
            {
                targets[i] = random.NextNormal();
                right += random.NextDouble() < 0.9 ? 1 : 0;
            }

            MetricInterval share = Intervals.Wilson(right, Samples);
            wilson += share.Low <= 0.9 && 0.9 <= share.High ? 1 : 0;
            MetricInterval error = Intervals.Of(
                new MeanAbsoluteError(), Predictions.OfNumbers(targets, said), new IntervalOptions { Draws = 200, Seed = (ulong)run })!;
            double mean = Math.Sqrt(2 / Math.PI);
            bootstrap += error.Low <= mean && mean <= error.High ? 1 : 0;
        }

        ((double)wilson / Runs).ShouldBeInRange(0.92, 0.98);
        ((double)bootstrap / Runs).ShouldBeInRange(0.89, 0.97);
    }

    /// <summary>The inverse of the distribution by mpmath with 30 digits; scipy 1.10.1 is off by 1e-9.</summary>
    [Theory]
    [InlineData(0.975, 1, 12.706204736174705), InlineData(0.975, 2, 4.3026527297494639), InlineData(0.975, 4, 2.7764451051977944)]
    [InlineData(0.975, 5, 2.5705818356363155), InlineData(0.95, 9, 1.8331129326562372), InlineData(0.995, 24, 2.7969395047744563)]
    [InlineData(0.6, 3, 0.27667066233268991), InlineData(0.975, 99, 1.9842169515864175), InlineData(0.2, 7, -0.89602964431376495)]
    public void Quantiles_of_Student_are_those_of_the_distribution(double probability, int freedom, double expected) =>
        StudentQuantile.Of(probability, freedom).ShouldBe(expected, 1e-12 * Math.Max(1, Math.Abs(expected)));

    [Fact]
    public void Intervals_over_folds_are_wider_than_those_of_independent_figures()
    {
        double[] figures = [0.8, 0.82, 0.78, 0.81, 0.79];
        MetricInterval interval = Intervals.OfFolds(figures, 0.25)!;
        const double Variance = 0.00025;
        (interval.High - 0.8).ShouldBe(2.7764451051977987 * Math.Sqrt((0.2 + 0.25) * Variance), 1e-12);
        (0.8 - interval.Low).ShouldBe(interval.High - 0.8, 1e-12);
        Intervals.OfFolds([0.8], 0.25).ShouldBeNull();
        Intervals.OfFolds([0.8, double.NaN], 0.25).ShouldBeNull();
    }

    [Fact]
    public void Wilson_intervals_end_at_0_and_1_and_refuse_nonsense()
    {
        Intervals.Wilson(0, 10).Low.ShouldBe(0);
        Intervals.Wilson(10, 10).High.ShouldBe(1);
        Should.Throw<ThalwegException>(() => Intervals.Wilson(2, 1)).Message.ShouldContain("2 of 1");
        Should.Throw<ThalwegException>(() => new IntervalOptions { Level = 1 }).Message.ShouldContain("got 1");
        Should.Throw<ThalwegException>(() => Predictions.OfClasses([0, 3], [0.5, 0.5, 0.5, 0.5])).Message.ShouldContain("in range");
        Should.Throw<ThalwegException>(() => new RocAuc().Of(Predictions.OfNumbers([1], [2]))).Message.ShouldContain("classes");
        Should.Throw<ThalwegException>(() => new R2().Of(Predictions.OfClasses([0], [1, 0]))).Message.ShouldContain("numbers");
        Should.Throw<ThalwegException>(() => Settings.Parse<Metric>("f1(class=2)").Of(Predictions.OfClasses([0], [1, 0])))
            .Message.ShouldContain("more than 2 classes");
    }

    private static void Compare(string name, Predictions all, Func<int[], Predictions> drawn, int seed)
    {
        Metric metric = Settings.Parse<Metric>(name);
        IntervalOptions options = new() { Draws = 40, Seed = (ulong)seed, Level = 0.9 };
        MetricInterval interval = Intervals.Of(metric, all, options).ShouldNotBeNull(name);
        List<double> figures = [];
        for (int draw = 0; draw < 40; draw++)
        {
            RandomStream random = new((ulong)seed, RandomPurpose.Bootstrap, (ulong)draw);
            int[] rows = new int[all.Count];
            for (int i = 0; i < rows.Length; i++)
                rows[i] = random.NextInt32(rows.Length);
            double figure = metric.Of(drawn(rows));
            if (!double.IsNaN(figure))
                figures.Add(figure);
        }

        interval.Method.ShouldBe(IntervalMethod.Bootstrap);
        interval.Low.ShouldBe(Percentile(figures, 5), 1e-12 * Math.Max(1, Math.Abs(interval.Low)), name);
        interval.High.ShouldBe(Percentile(figures, 95), 1e-12 * Math.Max(1, Math.Abs(interval.High)), name);
        Intervals.Of(metric, all, options).ShouldBe(interval);
    }

    private static double Percentile(List<double> figures, double percent)
    {
        double[] sorted = [.. figures.Order()];
        double place = percent / 100 * (sorted.Length - 1);
        double below = sorted[(int)Math.Floor(place)], above = sorted[(int)Math.Ceiling(place)];
        return below + ((place - Math.Floor(place)) * (above - below));
    }

    private static (int[] Labels, double[] Probabilities, int Classes) Classes(int index)
    {
        RandomStream random = new(17, RandomPurpose.User, (ulong)index);
        int classes = 2 + random.NextInt32(3), count = 10 + random.NextInt32(40);
        (int[] labels, double[] probabilities) = (new int[count], new double[count * classes]);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i < classes ? i : random.NextInt32(classes);
            int[] parts = new int[classes];
            for (int unit = 0; unit < 10; unit++)
                parts[random.NextDouble() < 0.4 ? labels[i] : random.NextInt32(classes)]++;
            for (int k = 0; k < classes; k++)
                probabilities[(i * classes) + k] = parts[k] / 10.0;
        }

        return (labels, probabilities, classes);
    }

    private static (double[] Targets, double[] Said) Numbers(int index)
    {
        RandomStream random = new(18, RandomPurpose.User, (ulong)index);
        int count = 5 + random.NextInt32(40);
        (double[] targets, double[] said) = (new double[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            targets[i] = 3 + random.NextNormal();
            said[i] = targets[i] + (0.5 * random.NextNormal());
        }

        return (targets, said);
    }
}
