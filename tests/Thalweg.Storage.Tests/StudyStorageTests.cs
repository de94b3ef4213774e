using Thalweg.Tuning;

namespace Thalweg.Storage.Tests;

/// <summary>What every storage of studies in a database does.</summary>
public abstract class StudyStorageTests : IDisposable
{
    [Fact]
    public void Lines_come_back_in_order_and_a_failed_update_leaves_nothing()
    {
        using StudyStorage storage = Open("a"), other = Open("a"), second = Open("b");
        storage.Read(0).ShouldBeEquivalentTo(new StudyLines([], 0));
        StudyLines first = storage.Update(0, _ => ["one", "two"]);
        first.Lines.ShouldBe(["one", "two"]);
        other.Update(0, news => [$"three after {news.Count}"]).Lines.ShouldBe(["one", "two", "three after 2"]);
        storage.Read(first.Position).Lines.ShouldBe(["three after 2"]);
        Should.Throw<InvalidOperationException>(() => storage.Update(0, _ => throw new InvalidOperationException()));
        storage.Update(first.Position, news => [.. news, "'; DROP TABLE studies; --"]).Lines.Count.ShouldBe(3);
        second.Read(0).Lines.ShouldBeEmpty();
        Names().ShouldBe(["a"]);
    }

    [Fact]
    public void A_worker_is_silent_since_its_last_sign_of_life()
    {
        using StudyStorage storage = Open("a");
        storage.SilenceOf("w").ShouldBeNull();
        storage.Beat("w");
        storage.Beat("w");
        storage.SilenceOf("w")!.Value.TotalSeconds.ShouldBeInRange(-1, 30);
        storage.SilenceOf("v").ShouldBeNull();
    }

    [Fact]
    public void Sixteen_workers_take_each_trial_once()
    {
        const int Trials = 120;
        List<Exception> errors = [];
        Open("study").Dispose();
        Thread[] workers = [.. Enumerable.Range(0, 16).Select(_ => new Thread(() =>
        {
            try
            {
                using Study study = Study.OpenOrCreate(Open("study"), Definition(Trials));
                StudyWorkers.Run(study, new Instant());
            }
            catch (Exception error)
            {
                lock (errors)
                    errors.Add(error);
            }
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        errors.ShouldBeEmpty();
        using StudyStorage storage = Open("study");
        storage.Read(0).Lines.Count(line => line.Contains("\"end\":", StringComparison.Ordinal)).ShouldBe(Trials);
        using Study whole = Study.Open(storage);
        StudyResult result = whole.Result();
        (result.Trials.Count, result.IsFinished).ShouldBe((Trials, true));
        using Study alone = Study.OpenOrCreate(Open("alone"), Definition(Trials));
        StudyWorkers.Run(alone, new Instant()).Trials.Select(trial => trial.Point.ToString())
            .ShouldBe(result.Trials.Select(trial => trial.Point.ToString()));
    }

    public abstract void Dispose();

    private protected static StudyDefinition Definition(int trials) => new()
    {
        Space = SearchSpace.Parse("x=uniform(0, 1)"),
        Sampler = Settings.Parse<Sampler>("random"),
        Order = StudyOrder.Parse("lag(32)"),
        Trials = trials,
        MaxBudget = 1,
    };

    private protected abstract StudyStorage Open(string name);

    private protected abstract IReadOnlyList<string> Names();

    private protected sealed class Instant : IStudyObjective
    {
        public TrialReport? Run(StudyJob job, CancellationToken cancellation)
        {
            double value = job.Point["x"]!.Value.Number;
            return new TrialReport(TrialStatus.Completed, [value], [value]);
        }
    }
}
