using System.Text.Json;
using System.Text.Json.Nodes;
using Thalweg.Catalogues;
using Thalweg.Data;

namespace Thalweg.Tuning.Tests;

/// <summary>Equal budgets, and the same result whatever happens on the way.</summary>
public sealed class ComparisonTests : IDisposable
{
    private static readonly string[] s_times = ["seconds", "secondsToTarget"];

    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ComparisonOptions Options => new()
    {
        Contenders = [new("sgd"), new("adam"), new("chain(clip_by_global_norm(1), scale_by_learning_rate(1))", "xavier", "batch")],
        Rates = 3,
        LowestRate = 1e-3,
        HighestRate = 1,
        Seeds = 2,
        Epochs = 3,
        BatchSize = 32,
        HiddenUnits = [8],
        Resamples = 200,
    };

    private static DataSplit Split(string name = "moons", int samples = 300) =>
        DataSource.Open(name, new DataOptions { SampleCount = samples }).Split();

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>The result's text without its times.</summary>
    private static string Figures(string folder)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Comparison.ResultName)))!;
        RemoveTimes(document);
        return document.ToJsonString();
    }

    private static void RemoveTimes(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (string name in s_times)
                members.Remove(name);
            foreach ((_, JsonNode? member) in members)
                RemoveTimes(member);
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                RemoveTimes(item);
        }
    }

    [Fact]
    public void Names_of_columns_and_classes_cannot_end_a_script_of_the_page()
    {
        File.WriteAllLines(At("x.csv"), Enumerable.Range(0, 100).Select(i => $"{i % 7},{i % 5},{(i % 2 == 0 ? "</script><b>" : "no")}")
            .Prepend("</script>,<!--,</script><script>alert(1)"));
        ComparisonOptions options = Options with { Contenders = [new("sgd")], Rates = 1, Seeds = 1, Epochs = 1 };
        new Comparison(DataSource.Open(At("x.csv")).Split(), "</script>", options).Run(At("run"));
        string page = File.ReadAllText(At($"run/{ComparisonPage.FileName}"));
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("</script><b>");
        (page.Split("</script>").Length - 1).ShouldBe(page.Split("<script").Length - 1);
    }

    [Fact]
    public void All_contenders_get_the_same_rates_and_seeds()
    {
        Comparison comparison = new(Split(), "moons", Options);
        List<ComparisonTrial> trials = [];
        comparison.TrialEnded += progress => trials.Add(progress.Latest);
        ComparisonResult result = comparison.Run(_folder)!;
        trials.Count.ShouldBe(comparison.TrialCount);
        result.Cost.Trials.ShouldBe(3 * 2 * (3 + 1));
        result.Rates.ShouldBe([1e-3, 0.0316, 1]);
        for (int contender = 0; contender < 3; contender++)
        {
            ComparisonTrial[] tuning = [.. trials.Where(trial => trial.Trial.Contender == contender && trial.Trial.Phase == TrialPhase.Tuning)];
            tuning.Select(trial => (trial.Trial.Rate, trial.Trial.Seed)).Order().ShouldBe(
                [(1e-3, 1UL), (1e-3, 2UL), (0.0316, 1UL), (0.0316, 2UL), (1, 1UL), (1, 2UL)]);
            tuning.Select(trial => trial.Steps).Distinct().Count().ShouldBe(1);
            trials.Where(trial => trial.Trial.Contender == contender && trial.Trial.Phase == TrialPhase.Ranking)
                .Select(trial => trial.Trial.Seed).Order().ShouldBe([3UL, 4UL]);
        }

        result.Ranking.Select(contender => contender.Rank).ShouldBe([1, 2, 3]);
        result.Ranking.Select(contender => contender.Metric).ShouldBeInOrder(SortDirection.Descending);
        foreach (RankedContender contender in result.Ranking)
        {
            contender.Rate.ShouldBe(contender.Rates.MaxBy(rate => rate.Mean)!.Rate);
            contender.Bootstrap.Low.ShouldBeLessThanOrEqualTo(contender.Metric);
            contender.Bootstrap.High.ShouldBeGreaterThanOrEqualTo(contender.Metric);
        }
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("adam(decay=0.1)")]
    [InlineData("chain(clip_by_global_norm(1), scale_by_adam, scale_by_learning_rate(1))")]
    public void The_formula_is_that_of_the_whole_optimizer(string optimizer)
    {
        ComparisonOptions options = Options with { Contenders = [new(optimizer)], Rates = 1, Seeds = 1, Epochs = 1 };
        ComparisonResult result = new Comparison(Split(), "moons", options).Run(_folder)!;
        result.Ranking.Single().Formula.ShouldBe(Catalogue.Optimizer(optimizer).Formula);
    }

    [Fact]
    public void A_comparison_that_was_cut_off_continues_to_the_same_result()
    {
        new Comparison(Split(), "moons", Options).Run(At("whole"));
        using CancellationTokenSource source = new();
        Comparison cut = new(Split(), "moons", Options);
        cut.TrialEnded += progress =>
        {
            if (progress.Finished == 10)
                source.Cancel();
        };
        cut.Run(At("cut"), cancellation: source.Token).ShouldBeNull();
        File.Exists(Path.Combine(At("cut"), Comparison.ResultName)).ShouldBeFalse();

        // A line that was being written when the program was killed.
        string journal = Path.Combine(At("cut"), Comparison.JournalName);
        string[] lines = File.ReadAllLines(journal);
        lines.Length.ShouldBe(1 + 10);
        File.WriteAllText(journal, string.Join('\n', lines[..^1]) + '\n' + lines[^1][..(lines[^1].Length / 2)]);

        Comparison rest = new(Split(), "moons", Options);
        int trials = 0;
        rest.TrialEnded += _ => trials++;
        rest.Run(At("cut"), parallel: 2).ShouldNotBeNull();
        trials.ShouldBe(rest.TrialCount - 9);
        Figures(At("cut")).ShouldBe(Figures(At("whole")));
    }

    [Fact]
    public void The_number_of_trials_at_a_time_changes_nothing()
    {
        int threads = Threads.Count;
        new Comparison(Split(), "moons", Options).Run(At("one"));
        Comparison four = new(Split(), "moons", Options);
        List<(int Process, int Trial)> seen = [];
        four.TrialEnded += _ => seen.Add((Threads.Count, Threads.Current));
        four.Run(At("four"), parallel: 4);
        seen.ShouldAllBe(counts => counts.Process == threads && counts.Trial == 1);
        Threads.Count.ShouldBe(threads);
        Figures(At("four")).ShouldBe(Figures(At("one")));
    }

    [Fact]
    public void A_journal_of_other_options_is_refused()
    {
        new Comparison(Split(), "moons", Options).Run(_folder);
        ThalwegException error = Should.Throw<ThalwegException>(() => new Comparison(Split(), "moons", Options with { Epochs = 4 })
            .Run(_folder));
        error.Message.ShouldContain("other options");
    }

    [Fact]
    public void Test_data_is_read_once()
    {
        DataSplit split = Split();
        Comparison comparison = new(split, "moons", Options);
        Should.Throw<ThalwegException>(() => comparison.ReadTest(_folder)).Message.ShouldContain("finished comparison");
        comparison.Run(_folder)!.Test.ShouldBeNull();
        split.Test!.Reads.ShouldBeEmpty();
        TestResult first = comparison.ReadTest(_folder).Test!;
        comparison.ReadTest(_folder).Test.ShouldBe(first);
        split.Test.Reads.Count.ShouldBe(1);
        comparison.Run(_folder)!.Test.ShouldBe(first);
    }

    [Fact]
    public void Trials_that_diverge_count_as_the_trivial_answer()
    {
        ComparisonOptions options = Options with { Contenders = [new("sgd")], HighestRate = 1e30, Schedule = RateSchedule.Constant };
        ComparisonResult result = new Comparison(Split("blobs"), "blobs", options).Run(_folder)!;
        RateResult worst = result.Ranking[0].Rates[^1];
        worst.Diverged.ShouldBe(2);
        worst.Mean.ShouldBe(result.Trivial);
        result.Ranking[0].Tuning.Diverged.ShouldBeGreaterThanOrEqualTo(2);
        result.Ranking[0].Metric.ShouldBeGreaterThan(result.Trivial);
    }

    [Fact]
    public void Contenders_that_cannot_run_are_refused_before_the_first_trial()
    {
        Should.Throw<ThalwegException>(() => Make(new Contender("adma"))).Message.ShouldContain("adam");
        Should.Throw<ThalwegException>(() => Make(new Contender("rprop"))).Message.ShouldContain("full batches");
        Should.Throw<ThalwegException>(() => Make(new Contender("scale_by_adam"))).Message.ShouldContain("scale_by_learning_rate");
        Should.Throw<ThalwegException>(() => Make(new Contender("adam", "hee"))).Message.ShouldContain("he_normal");
        Should.Throw<ThalwegException>(() => Make(new Contender("adam"), new Contender("adam"))).Message.ShouldContain("twice");
        File.Exists(At(Comparison.JournalName)).ShouldBeFalse();

        void Make(params Contender[] contenders) => _ = new Comparison(Split(), "moons", Options with { Contenders = contenders });
    }

    [Fact]
    public void Optimizers_that_take_no_schedule_are_tried_with_their_rate()
    {
        ComparisonOptions options = Options with
        {
            Contenders = [new("rprop(allow_mini_batches=true)"), new("asgd")],
            Seeds = 1,
            Epochs = 1
        };
        new Comparison(Split(), "moons", options).Run(_folder)!.Ranking.Count.ShouldBe(2);
    }

    [Fact]
    public void Numbers_are_compared_by_R2()
    {
        float[] x = [.. Enumerable.Range(0, 200).Select(i => i / 100f)],
            y = [.. x.Select((value, i) => (2 * value) - 1 + (0.1f * MathF.Sin(i * 12.9898f)))];
        string path = At("line.csv");
        File.WriteAllLines(path,
            [FormattableString.Invariant($"x,y"), .. x.Select((value, i) => FormattableString.Invariant($"{value},{y[i]}"))]);
        ComparisonOptions options = Options with { Contenders = [new("adam"), new("sgd")], HiddenUnits = [], Epochs = 10 };
        ComparisonResult result = new Comparison(DataSource.Open(path).Split(), "line", options).Run(At("out"))!;
        result.MetricName.ShouldBe("R2");
        result.Trivial.ShouldBe(0);
        RankedContender best = result.Ranking[0];
        best.Metric.ShouldBeInRange(0.9, 0.999);

        // The scores of the single samples have the metric as their mean, so the interval lies around it.
        best.Bootstrap.Low.ShouldBeInRange(0.9, best.Metric);
        best.Bootstrap.High.ShouldBeInRange(best.Metric, 1.01);
    }

    [Fact]
    public void A_target_that_is_given_is_timed()
    {
        ComparisonResult easy = new Comparison(Split(), "moons", Options with { Target = 0 }).Run(At("easy"))!;
        easy.Ranking.ShouldAllBe(contender => contender.StepsToTarget == easy.StepsPerEpoch);
        ComparisonResult never = new Comparison(Split(), "moons", Options with { Target = 1.5 }).Run(At("never"))!;
        never.Ranking.ShouldAllBe(contender => contender.StepsToTarget == null && contender.SecondsToTarget == null);
    }

    [Fact]
    public void Settings_survive_JSON()
    {
        string text = JsonSerializer.Serialize(Options, TuningJson.Default.ComparisonOptions);
        ComparisonOptions read = JsonSerializer.Deserialize(text, TuningJson.Default.ComparisonOptions)!;
        JsonSerializer.Serialize(read, TuningJson.Default.ComparisonOptions).ShouldBe(text);
        read.Contenders.ShouldBe(Options.Contenders);
    }
}
