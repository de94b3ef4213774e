using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Thalweg.Tuning.Tests.Studies;

/// <summary>Intervals, importance, fronts.</summary>
public sealed class FiguresTests
{
    private static readonly SearchGoal s_more = new("metric", true);

    [Fact]
    public void Intervals_hold_new_figures_as_often_as_they_say()
    {
        // Trainings vary by 0.02, rows by their share of right answers; 5 repeats of 60 rows, a test of 80.
        RandomStream random = new(3, RandomPurpose.User, 0);
        int held = 0, mean = 0;
        const int Studies = 2000;
        for (int study = 0; study < Studies; study++)
        {
            double truth = 0.85;
            HeldOutFigures[] repeats = [.. Enumerable.Range(0, 5).Select(_ => Draw(ref random, truth, 60, 80))];
            FinalistFigures figures = FinalistFigures.Of(0, repeats);
            double test = Draw(ref random, truth, 80, 0).Metric;
            held += test >= figures.TestLow && test <= figures.TestHigh ? 1 : 0;
            mean += truth >= figures.Low && truth <= figures.High ? 1 : 0;
        }

        ((double)held / Studies).ShouldBeInRange(0.93, 0.99);
        ((double)mean / Studies).ShouldBeInRange(0.93, 0.995);
    }

    [Fact]
    public void Without_scores_of_rows_the_repeats_alone_make_the_interval()
    {
        FinalistFigures figures = FinalistFigures.Of(0, [.. ((double[])[0.5, 0.6, 0.7]).Select(value => new HeldOutFigures(value, 10, double.NaN, false, 10))]);
        double t = StudentT.InvCDF(0, 1, 2, 0.975);
        figures.Mean.ShouldBe(0.6, 1e-12);
        figures.High.ShouldBe(0.6 + (t * 0.1 / Math.Sqrt(3)), 1e-9);
        figures.TestHigh.ShouldBe(0.6 + (t * 0.1 * Math.Sqrt(4.0 / 3)), 1e-9);
    }

    [Fact]
    public void Importance_finds_the_setting_that_decides_and_counts_paused_trials()
    {
        SearchSpace space = SearchSpace.Parse("a=uniform(0, 1)", "b=log(1e-4, 1)", "c=choice(x, y, z)", "d=int(1, 9) if c = x");
        RandomStream random = new(1, RandomPurpose.User, 0);
        List<TrialResult> history = [];
        for (int i = 0; i < 300; i++)
        {
            TrialPoint point = space.FromUnit([random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble()]);
            double value = -Math.Pow(point["a"]!.Value.Number - 0.7, 2) + (point["c"]!.Value.Text == "y" ? 0.01 : 0);
            bool isPaused = value < -0.1;
            double[] curve = [.. Enumerable.Range(1, isPaused ? 2 : 4).Select(epoch => value - (1.0 / epoch))];
            history.Add(new TrialResult(i, point, isPaused ? TrialStatus.Pruned : TrialStatus.Completed, [curve[^1]], curve));
        }

        IReadOnlyList<SettingImportance> importance = PedAnova.Of(space, history, s_more);
        importance[0].Path.ShouldBe("a");
        importance[0].Importance.ShouldBeGreaterThan(0.6);
        importance.Sum(item => item.Importance).ShouldBe(1, 1e-12);
        importance.Single(item => item.Path == "d").Trials.ShouldBeLessThan(150);
        PedAnova.Of(space, [.. history.Take(9)], s_more).ShouldBeEmpty();

        // Without the paused ones the setting that they were paused for decides less.
        PedAnova.Of(space, [.. history.Where(result => result.Status == TrialStatus.Completed)], s_more)
            .Single(item => item.Path == "a").Importance.ShouldBeLessThan(importance[0].Importance);
    }

    [Fact]
    public void Of_a_choice_the_importance_is_that_of_the_formula()
    {
        // 10 trials, the best 2 with x; densities with one count of prior: p(x) = (2 + 1/2) / 3, q(x) = (4 + 1/2) / 11.
        SearchSpace space = SearchSpace.Parse("c=choice(x, y)", "k=choice(u, v)");
        TrialResult[] history = [.. Enumerable.Range(0, 10).Select(i => new TrialResult(i, TrialPoint.Parse($"c={(i < 4 ? "x" : "y")}, k={(i % 2 == 0 ? "u" : "v")}"),
            TrialStatus.Completed, [-i], [-i]))];
        double Divergence(double p, double q) => (q * Math.Pow((p / q) - 1, 2)) + ((1 - q) * Math.Pow(((1 - p) / (1 - q)) - 1, 2));
        double c = Divergence(2.5 / 3, 4.5 / 11), k = Divergence(1.5 / 3, 5.5 / 11);
        PedAnova.Of(space, history, s_more, better: 0.2).Single(item => item.Path == "c").Importance.ShouldBe(c / (c + k), 1e-12);
    }

    [Fact]
    public void Paused_trials_are_ranked_by_their_curve()
    {
        TrialResult Trial(int number, TrialStatus status, params double[] curve) =>
            new(number, TrialPoint.Parse("a=1"), status, curve.Length == 0 ? [] : [curve[^1]], curve);
        CurveRanking.Of(
            [
                Trial(0, TrialStatus.Completed, 0.1, 0.5, 0.9), Trial(1, TrialStatus.Pruned, 0.3), Trial(2, TrialStatus.Completed, 0.2, 0.3, 0.4),
                Trial(3, TrialStatus.Failed), Trial(4, TrialStatus.Pruned, 0.05, 0.1),
            ],
            s_more).Select(result => result.Number).ShouldBe([1, 0, 2, 4, 3]);
    }

    [Fact]
    public void A_front_holds_what_nothing_beats()
    {
        TrialResult Trial(int number, double metric, double size) => new(number, TrialPoint.Parse("a=1"), TrialStatus.Completed, [metric, size], []);
        SearchGoal[] goals = [s_more, new("parameters", false)];
        Pareto.FrontOf([Trial(0, 0.9, 100), Trial(1, 0.8, 50), Trial(2, 0.8, 60), Trial(3, 0.95, 200), Trial(4, 0.7, 50), Trial(5, 0.8, 50)], goals)
            .Select(result => result.Number).ShouldBe([3, 0, 1, 5]);
        Pareto.FrontOf([Trial(0, 0.9, 100), Trial(1, 0.8, 50)], [s_more]).Select(result => result.Number).ShouldBe([0]);
    }

    [Fact]
    public void The_table_is_the_same_in_every_culture_and_quotes_what_must_be()
    {
        MemoryStorage storage = new();
        VirtualStudy.Run(storage, VirtualStudy.Definition(24, "random", "none", "lag(3)"), 2);
        using Study study = Study.Open(storage);
        CultureInfo culture = CultureInfo.CurrentCulture;
        string Table()
        {
            StringWriter writer = new();
            StudyReading.WriteCsv(writer, study.Result());
            return writer.ToString();
        }

        string table = Table();
        try
        {
            CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Table().ShouldBe(table);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        string[] lines = table.Split('\n');
        lines.Length.ShouldBe(26);
        lines[0].ShouldStartWith("trial,status,metric,epochs,seconds,failure,x,rate,kind");
        lines[23].ShouldStartWith("22,failed,,0,");
    }

    private static HeldOutFigures Draw(ref RandomStream random, double truth, int rows, int test)
    {
        double share = Math.Clamp(truth + (0.02 * Normal.InvCDF(0, 1, Math.Clamp(random.NextDouble(), 1e-12, 1 - 1e-12))), 0, 1);
        int right = 0;
        for (int i = 0; i < rows; i++)
            right += random.NextDouble() < share ? 1 : 0;
        return new HeldOutFigures((double)right / rows, rows, double.NaN, true, test);
    }
}
