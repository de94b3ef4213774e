using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage.Tests;

/// <summary>What every index in a database does.</summary>
public abstract class RunIndexTests : IDisposable
{
    private static readonly RunFields s_fields = new(["validation_accuracy", "validation_loss", "test_f1"]);

    private static readonly (string Filter, string Expected)[] s_filters =
    [
        ("accuracy>0.9", "a"),
        ("accuracy>=0.9", "ab"),
        ("accuracy<0.9", "c"),
        ("accuracy=0.9", "b"),
        ("accuracy!=0.9", "acd"),
        ("optimizer=adam", "ad"),
        ("optimizer != adam", "bc"),
        ("optimizer=adam and accuracy>0.9", "a"),
        ("optimizer='adam(b2=0.99)' OR status=diverged", "bc"),
        ("not (optimizer=adam or optimizer~b2)", "c"),
        ("learning_rate<=0.01", "ab"),
        ("learningRate<0.01", "b"),
        ("training.optimizer.learning_rate>0.01", "c"),
        ("tag=best", "ab"),
        ("tag=best and tag~fin", "b"),
        ("not tag=best", "cd"),
        ("name=\"it's; DROP TABLE runs; --\"", "d"),
        ("name~DROP", "d"),
        ("note~'100 %'", "a"),
        ("note!='100 % sure'", "bcd"),
        ("seconds>=2 and completed_epochs<4", "bc"),
        ("started>2026-11-02", "bcd"),
        ("epochs=10", "ab"),
        ("seed=1", "abcd"),
        ("loss>1e300", ""),
        ("data~\u00e9", "c"),
        ("data<z", "ab"),
        ("f1>0", ""),
        ("host!=''", "abcd"),
    ];

    private protected abstract IRunIndex Open();

    public abstract void Dispose();

    [Fact]
    public void A_run_is_kept_whole_and_replaced()
    {
        using IRunIndex index = Open();
        RunSummary run = Runs()[0];
        index.Save(run);
        ShouldBeSame(index.Query(new RunQuery()).ShouldHaveSingleItem(), run);
        Dictionary<string, double> metrics = new() { ["test_f1"] = double.PositiveInfinity };
        RunSummary again = run with { Status = "interrupted", Tags = ["x"], Metrics = metrics };
        index.Save(again);
        ShouldBeSame(index.Query(new RunQuery()).ShouldHaveSingleItem(), again);
        index.MetricNames().ShouldBe(["test_f1"]);
        index.Save(run with { Host = "another" });
        index.Query(new RunQuery()).Count.ShouldBe(2);
        index.Remove(run);
        index.Query(new RunQuery()).ShouldHaveSingleItem().Host.ShouldBe("another");
    }

    [Fact]
    public void Filters_mean_the_same_everywhere()
    {
        using IRunIndex index = Open();
        foreach (RunSummary run in Runs())
            index.Save(run);
        foreach ((string filter, string expected) in s_filters)
        {
            RunFilter parsed = RunFilter.Parse(filter, s_fields);
            string.Concat(Runs().Where(parsed.Matches).Select(Letter).Order()).ShouldBe(expected, filter);
            string.Concat(index.Query(new RunQuery { Where = parsed }).Select(Letter).Order()).ShouldBe(expected, filter);
        }
    }

    [Fact]
    public void Runs_are_sorted_by_numbers_then_texts_and_those_without_come_last()
    {
        using IRunIndex index = Open();
        foreach (RunSummary run in Runs().Reverse())
            index.Save(run);
        foreach ((string field, bool descending, string expected) in ((string, bool, string)[])
            [
                ("accuracy", true, "abcd"), ("accuracy", false, "cbad"), ("optimizer", false, "adbc"), ("dropout", false, "cbad"),
                ("dropout", true, "abcd"), ("seconds", true, "dcba"), ("started", false, "abcd"), ("note", false, "adbc"),
            ])
        {
            RunQuery query = new() { OrderBy = s_fields.Find(field), Descending = descending };
            string.Concat(index.Query(query).Select(Letter)).ShouldBe(expected, field);
            string.Concat(index.Query(query with { Limit = 2 }).Select(Letter)).ShouldBe(expected[..2], field);
        }
    }

    [Fact]
    public void A_query_gives_the_fields_that_it_names()
    {
        using IRunIndex index = Open();
        index.Save(Runs()[0]);
        RunSummary run = index.Query(new RunQuery { Fields = [s_fields.Find("accuracy"), s_fields.Find("seed")] }).Single();
        run.Metrics.ShouldBe(new Dictionary<string, double> { ["validation_accuracy"] = 0.95 });
        run.Settings.ShouldBe(new Dictionary<string, string> { ["seed"] = "1" });
        run.Tags.ShouldBe(["best"]);
        index.Query(new RunQuery { Fields = [] }).Single().Settings.ShouldBeEmpty();
    }

    [Fact]
    public void Readings_of_test_data_are_kept_by_their_rows_and_stay_when_a_run_goes()
    {
        using IRunIndex index = Open();
        TestRead first = Read("1", "rows", "m1") with { Value = null, Metric = null };
        index.Record(first);
        index.Record(first with { Value = 0.5, Metric = "accuracy" });
        index.Record(Read("2", "rows", "m2") with { Time = first.Time.AddSeconds(1) });
        index.Record(Read("3", "other rows", "m1"));
        RunSummary run = Runs()[0];
        index.Save(run);
        index.Remove(run);
        TestRead[] found = [.. index.ReadsOf("rows")];
        found.Select(read => (read.Id, read.Model, read.Value)).ShouldBe([("1", "m1", 0.5), ("2", "m2", 0.25)]);
        found[0].ShouldBe(first with { Value = 0.5, Metric = "accuracy" });
        TestReuse.Of(found, 10).Models.ShouldBe(2);
        index.ReadsOf("rows' OR 1 = 1 --").ShouldBeEmpty();
    }

    [Fact]
    public void Many_connections_write_at_once_and_no_run_is_missing()
    {
        Open().Dispose();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, worker =>
        {
            using IRunIndex index = Open();
            for (int i = 0; i < 5; i++)
                index.Save(Runs()[0] with { Folder = $"/runs/{worker}-{i}" });
        });
        using IRunIndex all = Open();
        all.Query(new RunQuery { Fields = [] }).Count.ShouldBe(80);
    }

    /// <summary>Runs a to d, of which d has no figures.</summary>
    private protected static RunSummary[] Runs() =>
    [
        Make("a", "adam", 0.01, 0.95) with { Tags = ["best"], Note = "100 % sure" },
        Make("b", "adam(b2=0.99)", 0.001, 0.9) with { Tags = ["best", "final"] },
        Make("c", "sgd", 0.1, 0.5) with { Status = "diverged" },
        Make("d", "adam", null, null) with { Name = "it's; DROP TABLE runs; --", Note = "B", CompletedEpochs = 4 },
    ];

    private static RunSummary Make(string letter, string optimizer, double? rate, double? accuracy)
    {
        int number = letter[0] - 'a';
        Dictionary<string, string> settings = new() { ["training.optimizer.name"] = optimizer, ["seed"] = "1" };
        settings["data.source"] = number switch { 0 => "Zebra", 1 => "moons", 2 => "z\u00e9ro", _ => "z" };
        if (number < 2)
            settings["training.epochs"] = "10";
        if (number < 3)
            settings["network.dropout"] = new[] { "none", "0.5", "0.25" }[number];
        if (rate is not null)
            settings["training.optimizer.learning_rate"] = FormattableString.Invariant($"{rate}");
        return new RunSummary
        {
            Folder = $"/runs/{letter}",
            Host = "here",
            Name = letter,
            Status = "finished",
            Started = $"2026-11-0{number + 1}T12:00:00.000Z",
            Seconds = number + 1,
            CompletedEpochs = 3,
            Settings = settings,
            Metrics = accuracy is { } value
                ? new Dictionary<string, double> { ["validation_accuracy"] = value, ["validation_loss"] = 1 - value } : [],
        };
    }

    private static TestRead Read(string id, string rows, string model) =>
        new(1, "a test", new DateTimeOffset(2026, 11, 30, 12, 0, 0, 123, TimeSpan.Zero))
        {
            Id = id,
            Fingerprint = rows,
            Samples = 10,
            Model = model,
            Metric = "accuracy",
            Value = 0.25,
        };

    private static void ShouldBeSame(RunSummary found, RunSummary expected)
    {
        found.Tags.ShouldBe(expected.Tags);
        found.Settings.ShouldBe(expected.Settings, ignoreOrder: true);
        found.Metrics.ShouldBe(expected.Metrics, ignoreOrder: true);
        found.ShouldBe(expected with { Tags = found.Tags, Settings = found.Settings, Metrics = found.Metrics });
    }

    private static string Letter(RunSummary run) => run.Folder[^1..];
}
