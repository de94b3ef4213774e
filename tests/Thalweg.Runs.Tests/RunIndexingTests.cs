using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

/// <summary>An index that is behind the folders is brought up to them.</summary>
public sealed class RunIndexingTests
{
    [Fact]
    public void An_index_made_anew_has_the_runs_that_there_are_and_says_what_it_cannot_read()
    {
        using TemporaryFolder temporary = new();
        using ListIndex index = new();
        Recipe recipe = temporary.Recipe(epochs: 1);
        foreach (string name in (string[])["a", "b", "c"])
            Run.Start(recipe, new RunOptions { Folder = temporary.At($"runs/{name}"), Index = index, Name = name });
        Directory.Delete(temporary.At("runs/a"), recursive: true);
        File.WriteAllText(temporary.At("runs/b/run.json"), "{");
        index.Save(index.Runs.Single(run => run.Name == "c") with { Status = "running" });
        (int runs, IReadOnlyList<string> notes) = RunIndexing.Rebuild(index, [temporary.At("runs")]);
        runs.ShouldBe(1);
        notes.ShouldHaveSingleItem().ShouldContain("run.json");
        index.Runs.Select(run => (run.Name, run.Status)).ShouldBe([("b", "finished"), ("c", "finished")], ignoreOrder: true);
    }

    [Fact]
    public void Runs_that_were_under_way_are_looked_up_again()
    {
        using TemporaryFolder temporary = new();
        using ListIndex index = new();
        Run.Start(temporary.Recipe(epochs: 1), new RunOptions { Folder = temporary.At("kept"), Index = index, Name = "kept" });
        Run.Start(temporary.Recipe(epochs: 1), new RunOptions { Folder = temporary.At("gone"), Index = index, Name = "gone" });
        foreach (RunSummary run in index.Runs.ToArray())
            index.Save(run with { Status = "interrupted" });
        Directory.Delete(temporary.At("gone"), recursive: true);
        RunIndexing.Refresh(index);
        index.Runs.Select(run => (run.Name, run.Status)).ShouldBe([("kept", "finished")]);
    }

    [Fact]
    public void A_run_is_in_the_index_from_its_first_checkpoint_on()
    {
        using TemporaryFolder temporary = new();
        using ListIndex index = new();
        string? under = null;
        RunOptions options = new()
        {
            Folder = temporary.At("run"),
            Index = index,
            WaitsForCheckpoints = true,
            StepEnded = step =>
            {
                if (step.Step == 3)
                    under = index.Runs.Single().Status;
                if (step.Step == 7)
                    throw new InvalidOperationException("on purpose");
            },
        };
        Recipe recipe = temporary.Recipe().With("run.checkpoint_every", "1steps");
        Should.Throw<Exception>(() => Run.Start(recipe, options));
        under.ShouldBe("running");
        index.Runs.ShouldHaveSingleItem().Status.ShouldBe("failed");
    }

    [Fact]
    public void A_limit_of_time_counts_the_time_before_a_resumption()
    {
        using TemporaryFolder temporary = new();
        using CancellationTokenSource cancellation = new();
        Recipe recipe = temporary.Recipe().With("training.max_time", "1h");
        RunOptions options = new() { Folder = temporary.At("run"), StepEnded = _ => cancellation.Cancel() };
        Run.Start(recipe, options, cancellation: cancellation.Token).Reason.ShouldBe(EndReason.Cancelled);
        double seconds = RunRecord.Load(temporary.At("run")).Seconds;
        seconds.ShouldBeGreaterThan(0);
        TimeSpan left = Run.Reopen(temporary.At("run")).Plan.Prepared.Options.MaxTime!.Value;
        left.ShouldBeLessThan(TimeSpan.FromHours(1));
        left.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(seconds + 1));
    }

    private sealed class ListIndex : IRunIndex
    {
        private readonly List<TestRead> _reads = [];

        public List<RunSummary> Runs { get; } = [];

        public string Description => "a list";

        public bool KeepsReads => true;

        public void Save(RunSummary run)
        {
            Remove(run);
            Runs.Add(run);
        }

        public void Remove(RunSummary run) => Runs.RemoveAll(item => item.Folder == run.Folder);

        public IReadOnlyList<RunSummary> Query(RunQuery query) => [.. Runs.Where(run => query.Where is not { } filter || filter.Matches(run))];

        public IReadOnlyList<string> MetricNames() => [];

        public void Record(TestRead read) => _reads.Add(read);

        public IReadOnlyList<TestRead> ReadsOf(string fingerprint) => [.. _reads.Where(read => read.Fingerprint == fingerprint)];

        public void Dispose()
        {
        }
    }
}
