using System.Diagnostics;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage.Tests;

public sealed class SqliteRunIndexTests : RunIndexTests
{
    private readonly TemporaryFolder _folder = new();

    public override void Dispose() => _folder.Dispose();

    [Fact]
    public void An_index_that_is_lost_or_damaged_is_made_anew_from_the_folders()
    {
        string path = _folder.At("data/runs.db");
        using (SqliteRunIndex index = SqliteRunIndex.Open(path))
        {
            _folder.Train("a", index, opensTest: true);
            _folder.Train("deep/b", index, seed: 2);
            index.Query(new RunQuery()).Count.ShouldBe(2);
        }

        File.Delete(path);
        Names(path).ShouldBe(["a", "deep/b"]);
        File.WriteAllText(path, $"no database, but a text that is long enough to be taken for the head of one: {new string('x', 4096)}");
        Names(path).ShouldBe(["a", "deep/b"]);
        File.Exists($"{path}.damaged").ShouldBeTrue();
        File.WriteAllBytes(path, []);
        Names(path).ShouldBe(["a", "deep/b"]);
        File.Delete(path);
        File.Delete($"{path}.folders");
        SqliteRunIndex.Open(path, _folder.Path).Dispose();
        Names(path).ShouldBe(["a", "deep/b"]);
        using SqliteRunIndex last = SqliteRunIndex.Open(path);
        last.ReadsOf(TestReadLog.Load(_folder.At("a")).Single().Fingerprint!).ShouldHaveSingleItem().Run.ShouldBe(_folder.At("a"));
    }

    [Fact]
    public void Damage_within_the_file_is_found_while_it_is_used()
    {
        string path = _folder.At("runs.db");
        using (SqliteRunIndex index = SqliteRunIndex.Open(path))
        {
            _folder.Train("a", index);
            foreach (int i in Enumerable.Range(0, 200))
                index.Save(Runs()[0] with { Folder = $"/nowhere/{i}", Host = "another" });
        }

        using (FileStream file = File.OpenWrite(path))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 4096]);
        }

        Names(path).ShouldBe(["a"]);
    }

    [Fact]
    public void An_index_of_a_newer_version_or_of_something_else_is_refused_and_left_alone()
    {
        string path = _folder.At("newer.db");
        SqliteRunIndex.Open(path).Dispose();
        Sql(path, "PRAGMA user_version = 99");
        Should.Throw<ThalwegException>(() => SqliteRunIndex.Open(path)).Message.ShouldContain("newer version (99)");
        string other = _folder.At("other.db");
        Sql(other, "CREATE TABLE recipes (id INTEGER)", create: true);
        Should.Throw<ThalwegException>(() => SqliteRunIndex.Open(other)).Message.ShouldContain("something else");
    }

    [Fact]
    public void An_index_that_cannot_be_used_is_a_note_of_the_run()
    {
        File.WriteAllText(_folder.At("file"), "");
        using (IRunIndex unusable = RunIndexes.OpenWhenUsed(_folder.At("file/runs.db")))
        {
            RunResult noted = _folder.Train("noted", unusable, opensTest: true);
            noted.IndexNote.ShouldNotBeNull().ShouldContain("file/runs.db: cannot use it");
            noted.TestReuse!.Models.ShouldBe(1);
        }

        RunResult result = _folder.Train("run", new Broken());
        result.IndexNote.ShouldBe("it is broken, password=***");
        RunRecord.Load(_folder.At("run")).Status.ShouldBe("finished");
    }

    [Fact]
    public void Sixteen_processes_end_runs_at_once()
    {
        string path = _folder.At("runs.db");
        string program = Path.Combine(AppContext.BaseDirectory, "Thalweg.Storage.Tests.dll");
        Process[] all = [.. Enumerable.Range(0, 16).Select(number =>
        {
            ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, "-noLogo"])
            {
                RedirectStandardOutput = true,
            };
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(SqliteRunIndexTests).FullName}.{nameof(A_process_ends_runs)}");
            start.Environment["THALWEG_TEST_INDEX"] = path;
            start.Environment["THALWEG_TEST_NUMBER"] = FormattableString.Invariant($"{number}");
            return Process.Start(start)!;
        })];
        foreach (Process process in all)
        {
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, output);
            process.Dispose();
        }

        using SqliteRunIndex index = SqliteRunIndex.Open(path);
        index.Query(new RunQuery()).Count.ShouldBe(16 * 4);
        index.ReadsOf("rows").Count.ShouldBe(16 * 4);
    }

    /// <summary>What each of the processes does: none of it where the test is called as others are.</summary>
    [Fact]
    public void A_process_ends_runs()
    {
        string? path = Environment.GetEnvironmentVariable("THALWEG_TEST_INDEX");
        string? number = Environment.GetEnvironmentVariable("THALWEG_TEST_NUMBER");
        Assert.SkipWhen(path is null, "a part of Sixteen_processes_end_runs_at_once");
        for (int i = 0; i < 4; i++)
        {
            using SqliteRunIndex index = SqliteRunIndex.Open(path!);
            index.Record(new TestRead(1, "a test", DateTimeOffset.UtcNow) { Id = $"{number}-{i}", Fingerprint = "rows" });
            index.Save(Runs()[0] with { Folder = $"/runs/{number}-{i}" });
        }
    }

    private protected override IRunIndex Open() => SqliteRunIndex.Open(_folder.At("runs.db"));

    private static string?[] Names(string path)
    {
        using SqliteRunIndex index = SqliteRunIndex.Open(path);
        return [.. index.Query(new RunQuery()).Select(run => run.Name).Order()];
    }

    private static void Sql(string path, string sql, bool create = false)
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection =
            new($"Data Source={path};Pooling=False;Mode={(create ? "ReadWriteCreate" : "ReadWrite")}");
        connection.Open();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>An index that fails at everything.</summary>
    private sealed class Broken : IRunIndex
    {
        public string Description => "broken";

        public bool KeepsReads => false;

        public void Save(RunSummary run) => throw new InvalidOperationException("it is broken, password=secret");

        public IReadOnlyList<RunSummary> Query(RunQuery query) => throw new InvalidOperationException();

        public void Remove(RunSummary run) => throw new InvalidOperationException();

        public IReadOnlyList<string> MetricNames() => throw new InvalidOperationException();

        public void Record(TestRead read) => throw new InvalidOperationException();

        public IReadOnlyList<TestRead> ReadsOf(string fingerprint) => throw new InvalidOperationException();

        public void Dispose()
        {
        }
    }
}
