using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Runs;
using Thalweg.Storage;

namespace Thalweg.Bench;

/// <summary><c>runs</c>: how long an index of many runs takes to list, filter and sort them.</summary>
internal static class RunsCommand
{
    private const int Repeats = 7;

    private static readonly string[] s_filters =
        ["", "optimizer=adam and accuracy>0.9", "lr<0.01 or tag=best", "not (layers~mlp) and loss<0.5 and seed>=10"];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<int> count = new("--runs") { DefaultValueFactory = _ => 10_000, Description = "Number of runs" };
        Command command = new(
            "runs", "Lists, filters and sorts runs: in SQLite, and in PostgreSQL where THALWEG_TEST_POSTGRES names one") { count };
        command.SetAction(parsed =>
        {
            string folder = Directory.CreateTempSubdirectory("thalweg-bench-").FullName;
            try
            {
                using (SqliteRunIndex sqlite = SqliteRunIndex.Open(Path.Combine(folder, "runs.db")))
                    Measure("SQLite", sqlite, parsed.GetValue(count));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            if (Environment.GetEnvironmentVariable("THALWEG_TEST_POSTGRES") is { Length: > 0 } connection)
            {
                using PostgresRunIndex postgres = PostgresRunIndex.Open(connection);
                Measure("PostgreSQL", postgres, parsed.GetValue(count));
            }
        });
        return command;
    }

    private static void Measure(string name, IRunIndex index, int count)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            index.Save(Make(i));
        Console.WriteLine(Text($"{name}: {count} runs entered, {Stopwatch.GetElapsedTime(begun).TotalMilliseconds / count:0.00} ms each"));
        RunFields fields = new(index.MetricNames(), new Dictionary<string, string> { ["lr"] = "training.optimizer.learning_rate" });
        foreach (string filter in s_filters)
        {
            RunQuery query = new()
            {
                Where = filter.Length == 0 ? null : RunFilter.Parse(filter, fields),
                OrderBy = fields.Find("accuracy"),
                Fields = RunTable.Usual,
            };
            int found = index.Query(query).Count;
            (double Wall, double Processor)[] times = [.. Enumerable.Range(0, Repeats).Select(_ => Time(() => index.Query(query)))];
            double[] walls = [.. times.Select(time => time.Wall).Order()], processors = [.. times.Select(time => time.Processor).Order()];
            Console.WriteLine(Text($"  {walls[Repeats / 2],7:0.0} ms (least {walls[0]:0.0}), processor {processors[Repeats / 2]:0.0} ms, ")
                + Text($"{found} found and sorted by accuracy: ") + (filter.Length == 0 ? "all" : filter));
        }
    }

    private static RunSummary Make(int i) => new()
    {
        Folder = Text($"/home/someone/project/runs/data-{i}"),
        Host = "bench",
        Name = Text($"run {i}"),
        Tags = i % 50 == 0 ? ["best"] : [],
        Status = i % 20 == 0 ? "diverged" : "finished",
        Started = RunSummary.TextOf(DateTimeOffset.UnixEpoch.AddMinutes(i * 7919 % 100_000)),
        Seconds = i % 977,
        CompletedEpochs = i % 40,
        Settings = Recipe.Paths.Take(35).ToDictionary(path => path, path => "some value of this field").Concat(
            [
                KeyValuePair.Create("training.optimizer.name", i % 3 == 0 ? "adam" : "sgd"),
                KeyValuePair.Create("training.optimizer.learning_rate", Text($"{Math.Pow(10, -(i % 5))}")),
                KeyValuePair.Create("network.layers", i % 4 == 0 ? "cnn:16,32" : "mlp:64,64"),
                KeyValuePair.Create("seed", Text($"{i % 100}")),
            ]).GroupBy(item => item.Key).ToDictionary(item => item.Key, item => item.Last().Value),
        Metrics = new Dictionary<string, double>
        {
            ["training_accuracy"] = 0.95,
            ["training_loss"] = 0.1,
            ["validation_accuracy"] = i * 7919 % 10_007 / 10_007.0,
            ["validation_loss"] = i * 104_729 % 10_009 / 10_009.0,
        },
    };

    /// <summary>Time that passed, and time of the processors for this process, which other processes do not make longer.</summary>
    private static (double Wall, double Processor) Time(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetElapsedTime(begun).TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
