using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Thalweg.Tuning;

/// <summary>How a study is worked on by this process.</summary>
public sealed record StudyRunOptions
{
    /// <summary>Workers of this process, 1 or more, each a thread; default 1. With more than one, each trial computes on one thread; with
    /// one, on <see cref="Threads.Current"/>.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Time after which no further trial begins; finalists and winner are still trained. Default null, no limit. Which trials there
    /// are then depends on the speed of the machine.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Folder of the trials, in which <see cref="KeepTrials"/> is kept; default null, for an objective without folders.</summary>
    public string? Folder { get; init; }

    /// <summary>Trials that keep checkpoints and model, the best ones; default null, all. One that is wanted again without them begins
    /// again.</summary>
    public int? KeepTrials { get; init; }

    /// <summary>Called after each job that this process has done, by one thread at a time; must return quickly. Default null.</summary>
    public Action<StudyProgress>? JobEnded { get; init; }
}

/// <summary>How far a study is.</summary>
/// <param name="Job">The job that has ended.</param>
/// <param name="Report">What it came to.</param>
/// <param name="Result">The study now.</param>
/// <param name="TimeLeft">Time that is probably left, by the jobs so far; null where that is not known.</param>
public sealed record StudyProgress(StudyJob Job, TrialReport Report, StudyResult Result, TimeSpan? TimeLeft);

/// <summary>The workers of a process: threads that take jobs of a study, do them and write down what they came to.</summary>
public static class StudyWorkers
{
    private const int BeatSeconds = 10, MostPauseMilliseconds = 500, FirstPauseMilliseconds = 2;

    /// <summary>Works on a study until all is done.</summary>
    /// <param name="study">The study, which other processes may work on too.</param>
    /// <param name="objective">What does a job.</param>
    /// <param name="options">How; default one worker.</param>
    /// <param name="cancellation">Ends the trials under way after their current step; they are continued later.</param>
    /// <returns>What the study has come to.</returns>
    /// <exception cref="ThalwegException">The storage or a folder cannot be read or written.</exception>
    public static StudyResult Run(
        Study study, IStudyObjective objective, StudyRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(objective);
        Pool pool = new(study, objective, options ?? new StudyRunOptions(), cancellation);
        pool.Run();
        return study.Result();
    }

    private sealed class Pool(Study study, IStudyObjective objective, StudyRunOptions options, CancellationToken cancellation)
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        private readonly Lock _reporting = new();
        private readonly long _begun = Stopwatch.GetTimestamp();
        private Exception? _error;

        public void Run()
        {
            using (_stop)
            {
                Thread[] others = [.. Enumerable.Range(1, Math.Max(1, options.Workers) - 1)
                    .Select(number => new Thread(Work) { Name = $"worker {number}", IsBackground = true })];
                foreach (Thread thread in others)
                    thread.Start();
                Work();
                foreach (Thread thread in others)
                    thread.Join();
            }

            if (_error is not null)
                ExceptionDispatchInfo.Throw(_error);
        }

        private void Work()
        {
            string? worker = null;
            try
            {
                using ThreadLimit limit = options.Workers > 1 ? Threads.Limit(1) : default;
                worker = study.Join();
                Loop(worker);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref _error, error, null);
                _stop.Cancel();
            }

            try
            {
                if (worker is not null)
                    study.Leave(worker);
            }
            catch (ThalwegException error)
            {
                Interlocked.CompareExchange(ref _error, error, null);
            }
        }

        private void Loop(string worker)
        {
            int pause = FirstPauseMilliseconds;
            while (!_stop.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(_begun) >= options.MaxTime && !study.Definition.IsSearchClosed)
                    study.CloseSearch();
                if (study.Ask(worker) is { } job)
                {
                    Do(job);
                    pause = FirstPauseMilliseconds;
                }
                else if (study.IsFinished)
                {
                    return;
                }
                else
                {
                    _stop.Token.WaitHandle.WaitOne(pause);
                    pause = Math.Min(MostPauseMilliseconds, 2 * pause);
                    study.Beat(worker);
                }
            }
        }

        private void Do(StudyJob job)
        {
            using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            TrialReport? report;
            using (new Timer(_ => Beat(job, lost), null, TimeSpan.FromSeconds(BeatSeconds), TimeSpan.FromSeconds(BeatSeconds)))
                report = objective.Run(job, lost.Token);
            if (report is null || !study.Tell(job, report))
                return;
            lock (_reporting)
            {
                if (options is { Folder: { } folder, KeepTrials: { } keep })
                    StudyFolders.Trim(folder, study.History(), study.Definition.Goals[0], keep);
                if (options.JobEnded is null)
                    return;
                StudyResult result = study.Result();
                options.JobEnded(new StudyProgress(job, report, result, result.TimeLeft(options.Workers)));
            }
        }

        /// <summary>Gives a sign of life, and ends a job that was taken over meanwhile, as after a machine that slept.</summary>
        private void Beat(StudyJob job, CancellationTokenSource lost)
        {
            try
            {
                study.Beat(job.Worker);
                if (!study.Holds(job))
                    lost.Cancel();
            }
            catch (Exception error) when (error is ThalwegException or ObjectDisposedException)
            {
                // The next sign of life, or the end of the job, tells of a storage that stays unreachable.
            }
        }
    }
}
