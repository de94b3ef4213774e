using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>A search under way or ended: proposes trials, takes their results, and lets several workers, processes and machines share
/// it.</summary>
/// <remarks>
/// Which trials there are follows from the definition and the results in the order of the study, see <see cref="StudyOrder"/>: not from the
/// number of workers, from which one is faster, or from when one dies. Several instances on one storage, in one process or in several, are
/// one study. Members may be called from any thread.
/// </remarks>
public sealed class Study : IDisposable
{
    /// <summary>How long a worker on another machine may be silent before another takes its trial over.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly StudyStorage _storage;
    private readonly Lock _lock = new();
    private StudyState _state;
    private StudyScheduler _scheduler;
    private long _position;

    private Study(StudyStorage storage)
    {
        _storage = storage;
        _state = new StudyState(storage.Description);
        _scheduler = new StudyScheduler(_state);
    }

    /// <summary>What the study is.</summary>
    public StudyDefinition Definition
    {
        get
        {
            lock (_lock)
                return _state.Definition!;
        }
    }

    /// <summary>Where it is kept, in words.</summary>
    public string Description => _storage.Description;

    /// <summary>Opens a study that a storage holds.</summary>
    /// <param name="storage">The storage; disposed with the study.</param>
    /// <exception cref="ThalwegException">It holds none, is damaged, or is of a newer version.</exception>
    public static Study Open(StudyStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return OrDispose(storage, study =>
        {
            study.Refresh();
            if (study._state.Definition is null)
                throw new ThalwegException($"{storage.Description}: expected a study, found none; check the path, or start one there");
        });
    }

    /// <summary>Begins a study, or opens the one that the storage holds where it is the same.</summary>
    /// <param name="storage">The storage; disposed with the study.</param>
    /// <param name="definition">What the study is.</param>
    /// <param name="extends">Whether one that differs only in what can be changed later is extended; else it is refused.</param>
    /// <exception cref="ThalwegException">The definition cannot be, or the storage holds another study: the message says in what it
    /// differs.</exception>
    public static Study OpenOrCreate(StudyStorage storage, StudyDefinition definition, bool extends = false)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(definition);
        definition.Validate();
        return OrDispose(storage, study => study.Begin(definition, extends));
    }

    /// <summary>Changes the space, the sampler, the pruner, the number of trials or the finalists from the next job on; what has been done
    /// stays.</summary>
    /// <param name="definition">What the study is from now on.</param>
    /// <exception cref="ThalwegException">It differs in what cannot be changed.</exception>
    public void Extend(StudyDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definition.Validate();
        StudyDifference difference = Definition.DifferenceFrom(definition);
        if (difference.Settled.Count > 0)
        {
            throw new ThalwegException($"{Description}: a study that has begun cannot change {string.Join("; ", difference.Settled)}; start "
                + "a new one in another folder");
        }

        Update(() => new StudyLine { Study = definition.ToHeader() });
        lock (_lock)
            _scheduler.Reset();
    }

    /// <summary>Ends the search: trials under way are finished, and what follows them is done.</summary>
    public void CloseSearch() => Update(() => _state.Definition!.IsSearchClosed ? null
        : new StudyLine { Study = (_state.Definition with { IsSearchClosed = true }).ToHeader() });

    /// <summary>Enters a worker, which then may ask for jobs.</summary>
    /// <returns>Its name.</returns>
    public string Join()
    {
        string worker = Guid.NewGuid().ToString("N")[..12];
        _storage.Beat(worker);
        Update(() => new StudyLine { Worker = new WorkerLine(worker, RunOwner.Current) });
        return worker;
    }

    /// <summary>Takes a worker out; a job that it has is free for another.</summary>
    /// <param name="worker">Its name.</param>
    public void Leave(string worker) => Update(() => new StudyLine { Leave = worker });

    /// <summary>Gives a sign of life, as each worker must more often than <see cref="Lease"/> says.</summary>
    /// <param name="worker">Its name.</param>
    public void Beat(string worker) => _storage.Beat(worker);

    /// <summary>Takes a job: one that a dead worker left, else the next one.</summary>
    /// <param name="worker">Name of the worker.</param>
    /// <returns>The job; null where others must end first, or all is done: see <see cref="IsFinished"/>.</returns>
    public StudyJob? Ask(string worker)
    {
        lock (_lock)
        {
            Refresh();
            _scheduler.Prepare();
            int? taken = null;
            Update(() =>
            {
                taken = null;
                if (_state.Open.FirstOrDefault(IsFree) is { } left)
                {
                    taken = left.Line.Index;
                    return new StudyLine { Claim = new ClaimLine(left.Line.Index, worker) };
                }

                if (_scheduler.Next(worker) is not { } next)
                    return null;
                taken = next.Index;
                return new StudyLine { Job = next };
            });
            return taken is { } index ? JobOf(_state.Jobs[index], worker) : null;
        }
    }

    /// <summary>Takes the result of a job down.</summary>
    /// <param name="job">The job.</param>
    /// <param name="report">What it came to.</param>
    /// <returns>False where another worker has taken the job over meanwhile, so that the result does not count.</returns>
    public bool Tell(StudyJob job, TrialReport report)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(report);
        bool counts = false;
        Update(() =>
        {
            JobState state = _state.Jobs[job.Index];
            counts = !state.IsEnded && state.Worker == job.Worker;
            return counts ? new StudyLine { End = new EndLine(job.Index, job.Worker, report) } : null;
        });
        return counts;
    }

    /// <summary>Whether a worker still has a job, by what the storage says now.</summary>
    /// <param name="job">The job.</param>
    public bool Holds(StudyJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        lock (_lock)
        {
            Refresh();
            return _state.Jobs[job.Index] is { IsEnded: false } state && state.Worker == job.Worker;
        }
    }

    /// <summary>Whether all is done.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _scheduler.IsFinished;
            }
        }
    }

    /// <summary>What the study has come to so far.</summary>
    public StudyResult Result()
    {
        lock (_lock)
        {
            Refresh();
            return StudyResult.Of(_state, _scheduler);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _storage.Dispose();

    /// <summary>The trials that have ended a job, for what is pruned from the disk.</summary>
    internal IReadOnlyList<TrialResult> History()
    {
        lock (_lock)
            return _state.History(_state.EndedSearches);
    }

    /// <summary>A study that is opened; where that fails the storage is closed.</summary>
    private static Study OrDispose(StudyStorage storage, Action<Study> open)
    {
        Study study = new(storage);
        try
        {
            open(study);
            return study;
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    private void Begin(StudyDefinition definition, bool extends)
    {
        Update(() => _state.Definition is null ? new StudyLine { Study = definition.ToHeader() } : null);
        StudyDifference difference = Definition.DifferenceFrom(definition);
        if (difference.Settled.Count > 0)
        {
            throw new ThalwegException($"{Description}: the study there is another: {string.Join("; ", difference.Settled)}; bring the old ones "
                + "back, or start a new study in another folder");
        }

        if (difference.Open.Count > 0 && !extends)
        {
            throw new ThalwegException($"{Description}: the study there differs: {string.Join("; ", difference.Open)}; allow it with "
                + "Study.Extend, leave it out, or start a new study in another folder");
        }

        if (difference.Open.Count > 0)
            Extend(definition);
    }

    private bool IsFree(JobState job) => job.Worker is not { } worker || _state.IsGone(worker, _storage.SilenceOf, Lease);

    private StudyJob JobOf(JobState job, string worker)
    {
        JobLine line = job.Line;
        TrialState trial = _state.Trials[line.Trial];
        StudyDefinition study = _state.Definition!;
        IReadOnlyList<TrialResult> history = line.Kind == StudyJobKind.Search ? _state.History(line.Seen) : [];
        return new StudyJob(curve => study.Pruner.Decide(
            new PruningContext(study.Goals[0], history, curve, line.Trial, study.MaxBudget)) == PruneDecision.Pause)
        {
            Index = line.Index,
            Kind = line.Kind,
            Trial = line.Trial,
            Repeat = line.Repeat,
            Point = trial.Point,
            Worker = worker,
            Curve = line.Kind == StudyJobKind.Search ? trial.Report?.Curve ?? [] : [],
        };
    }

    /// <summary>Reads what others have written.</summary>
    private void Refresh()
    {
        lock (_lock)
        {
            StudyLines news = _storage.Read(_position);
            foreach (string line in news.Lines)
                _state.Apply(line);
            _position = news.Position;
        }
    }

    /// <summary>Appends a line that depends on all that was written before.</summary>
    private void Update(Func<StudyLine?> next)
    {
        lock (_lock)
        {
            int applied = 0;
            try
            {
                StudyLines lines = _storage.Update(_position, news =>
                {
                    foreach (string line in news)
                        _state.Apply(line);
                    applied = news.Count;
                    return next() is { } added ? [added.ToJson()] : [];
                });
                foreach (string line in lines.Lines.Skip(applied))
                    _state.Apply(line);
                _position = lines.Position;
            }
            catch
            {
                // What was applied is not counted yet: from the beginning, so that nothing is applied twice.
                (_state, _position) = (new StudyState(_storage.Description), 0);
                _scheduler = new StudyScheduler(_state);
                throw;
            }
        }
    }
}
