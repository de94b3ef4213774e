namespace Thalweg.Tuning.Tests.Studies;

/// <summary>A study of trials that take time by a clock that is counted, and not waited for.</summary>
internal static class VirtualStudy
{
    public const int Budget = 9;

    public static StudyDefinition Definition(int trials, string sampler, string pruner, string order) => new()
    {
        Space = SearchSpace.Parse("x=uniform(-1, 1)", "rate=log(1e-4, 1)", "kind=choice(a, b, c)", "inner=int(1, 9) if kind = b"),
        Sampler = Settings.Parse<Sampler>(sampler),
        Pruner = Settings.Parse<Pruner>(pruner),
        Order = StudyOrder.Parse(order),
        Trials = trials,
        MaxBudget = Budget,
        Seed = 7,
    };

    /// <summary>Runs a study with workers that each take the next job when they are free; some die, and never come back.</summary>
    /// <returns>Share of the time in which the workers were busy.</returns>
    public static double Run(StudyStorage storage, StudyDefinition definition, int workers, int deathEvery = 0)
    {
        using Study study = Study.OpenOrCreate(storage, definition);
        PriorityQueue<(string Worker, StudyJob Job, double Time), double> events = new();
        Queue<string> idle = new(Enumerable.Range(0, workers).Select(_ => study.Join()));
        double now = 0, busy = 0;
        int asked = 0;
        while (true)
        {
            int tries = idle.Count;
            while (tries-- > 0 && idle.TryDequeue(out string? worker))
            {
                if (study.Ask(worker) is not { } job)
                {
                    idle.Enqueue(worker);
                    continue;
                }

                double time = TimeOf(job);
                if (deathEvery > 0 && ++asked % deathEvery == 0)
                {
                    // It dies half way: another one takes its job over.
                    study.Leave(worker);
                    idle.Enqueue(study.Join());
                    tries++;
                    continue;
                }

                busy += time;
                events.Enqueue((worker, job, now + time), now + time);
            }

            if (!events.TryDequeue(out (string Worker, StudyJob Job, double Time) next, out _))
                break;
            now = next.Time;
            study.Tell(next.Job, Report(next.Job));
            idle.Enqueue(next.Worker);
        }

        study.IsFinished.ShouldBeTrue();
        return busy / (now * workers);
    }

    /// <summary>The trials of a study in the order of their jobs, with what they came to.</summary>
    public static string[] Lines(StudyStorage storage)
    {
        using Study study = Study.Open(storage);
        StudyResult result = study.Result();
        return
        [
            .. result.Order.Select(number => $"{number}"),
            .. result.Trials.Select(trial => FormattableString.Invariant(
                $"{trial.Number}: {trial.Point}: {trial.Status} after {trial.Curve.Count}: {string.Join(' ', trial.Values)}")),
            $"winner {result.Winner?.Number}",
        ];
    }

    /// <summary>Values that get better with each epoch, toward the figure of the point; some trials fail.</summary>
    public static TrialReport Report(StudyJob job)
    {
        if (job.Trial % 23 == 22)
            return new TrialReport(TrialStatus.Failed, [], []);
        double x = job.Point["x"]!.Value.Number, rate = Math.Log10(job.Point["rate"]!.Value.Number);
        double top = 1 - (x * x) - (0.1 * (rate + 2) * (rate + 2)) - (job.Point["kind"]!.Value.Text == "b" ? 0 : 0.2);
        List<double> curve = [];
        for (int epoch = 1; epoch <= Budget; epoch++)
        {
            curve.Add(top - (1.0 / epoch));
            if (epoch < Budget && epoch > job.Curve.Count && job.ShouldPause(curve))
                return new TrialReport(TrialStatus.Pruned, [curve.Max()], curve) { Seconds = epoch };
        }

        return new TrialReport(TrialStatus.Completed, [curve[^1]], curve) { Seconds = Budget };
    }

    /// <summary>Between 1 and 10, by the number of the trial.</summary>
    private static double TimeOf(StudyJob job) =>
        1 + (9 * new RandomStream(3, RandomPurpose.User, (ulong)job.Trial).NextDouble()) + (job.Index * 1e-6);
}

/// <summary>Objective of no time.</summary>
internal sealed class InstantObjective : IStudyObjective
{
    public TrialReport? Run(StudyJob job, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? null : VirtualStudy.Report(job);
}

/// <summary>A storage in memory.</summary>
internal sealed class MemoryStorage : StudyStorage
{
    private readonly List<string> _lines = [];
    private readonly Lock _lock = new();

    public override string Description => "memory";

    public IReadOnlyList<string> Lines => _lines;

    public override StudyLines Read(long position)
    {
        lock (_lock)
            return new StudyLines([.. _lines.Skip((int)position)], _lines.Count);
    }

    public override StudyLines Update(long position, Func<IReadOnlyList<string>, IReadOnlyList<string>> append)
    {
        lock (_lock)
        {
            _lines.AddRange(append([.. _lines.Skip((int)position)]));
            return Read(position);
        }
    }

    public override void Beat(string worker)
    {
    }

    public TimeSpan Silence { get; set; }

    public override TimeSpan? SilenceOf(string worker) => Silence;
}
