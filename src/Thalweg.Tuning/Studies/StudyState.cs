using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>A job as the log has it.</summary>
internal sealed class JobState(JobLine line)
{
    public JobLine Line { get; } = line;

    /// <summary>The worker that has it; null where nobody has.</summary>
    public string? Worker { get; set; } = line.Worker;

    public TrialReport? Report { get; set; }

    public bool IsEnded => Report is not null;
}

/// <summary>A trial as the log has it.</summary>
internal sealed class TrialState(int number, TrialPoint point)
{
    public int Number { get; } = number;

    public TrialPoint Point { get; } = point;

    /// <summary>Its search jobs, in order.</summary>
    public List<JobState> Jobs { get; } = [];

    /// <summary>The report of the latest of its jobs that has ended.</summary>
    public TrialReport? Report => Jobs.LastOrDefault(job => job.IsEnded)?.Report;
}

/// <summary>What follows from the log of a study: the same for whoever reads it.</summary>
internal sealed class StudyState
{
    private readonly string _place;
    private readonly Dictionary<string, RunOwner> _owners = [];
    private readonly HashSet<string> _left = [];
    private readonly List<TrialResult> _history = [];
    private readonly Dictionary<int, int> _historyIndex = [];
    private TrialResult[]? _historyArray;
    private int _historySeen = -1, _endedJobs;

    public StudyState(string place) => _place = place;

    /// <summary>What the study is now; null before the first line.</summary>
    public StudyDefinition? Definition { get; private set; }

    /// <summary>Whether it was another before.</summary>
    public bool IsExtended { get; private set; }

    public List<JobState> Jobs { get; } = [];

    public List<TrialState> Trials { get; } = [];

    /// <summary>When the first line was written.</summary>
    public DateTimeOffset Started { get; private set; }

    /// <summary>When the last line was written.</summary>
    public DateTimeOffset Latest { get; private set; }

    /// <summary>The search jobs: finalists do not count where a trial is proposed.</summary>
    public List<JobState> Searches { get; } = [];

    /// <summary>So many search jobs, from the first one on, have all ended.</summary>
    public int EndedSearches { get; private set; }

    /// <summary>Jobs that have not ended, in order.</summary>
    public IEnumerable<JobState> Open => Jobs.Skip(_endedJobs).Where(job => !job.IsEnded);

    public void Apply(string json)
    {
        StudyLine line = StudyLine.Parse(json, _place);
        if (Definition is null)
            Started = line.Time;
        Latest = line.Time;
        if (line.Study is { } header)
            Begin(header);
        else if (Definition is null)
            throw new ThalwegException($"{_place}: expected the log of a study, found something else; choose another folder");
        if (line.Worker is { } worker)
            _owners[worker.Id] = worker.Owner;
        if (line.Leave is { } left)
            Leave(left);
        if (line.Job is { } job)
            Add(job);
        if (line.Claim is { } claim && !Jobs[claim.Index].IsEnded)
            Jobs[claim.Index].Worker = claim.Worker;
        if (line.End is { } end)
            End(end);
    }

    /// <summary>Whether a worker is gone: it said so, its process has ended, or it is on another machine and has not been heard of.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="silenceOf">How long ago it gave its last sign of life.</param>
    /// <param name="lease">How long one of another machine may be silent.</param>
    public bool IsGone(string worker, Func<string, TimeSpan?> silenceOf, TimeSpan lease)
    {
        if (_left.Contains(worker) || !_owners.TryGetValue(worker, out RunOwner? owner))
            return true;
        return owner.Host == Environment.MachineName ? owner.IsDead : !(silenceOf(worker) < lease);
    }

    /// <summary>The results of the first search jobs, a trial once, with what it had come to then; in the order of the trials.</summary>
    /// <param name="seen">Number of search jobs, all of which have ended.</param>
    public IReadOnlyList<TrialResult> History(int seen)
    {
        if (seen < _historySeen || _historySeen < 0)
        {
            _history.Clear();
            _historyIndex.Clear();
            _historyArray = null;
            _historySeen = 0;
        }

        if (_historySeen < seen)
            _historyArray = null;
        for (; _historySeen < seen; _historySeen++)
        {
            JobState job = Searches[_historySeen];
            TrialReport report = job.Report!;
            TrialResult result = new(job.Line.Trial, Trials[job.Line.Trial].Point, report.Status, report.Values, report.Curve);
            if (_historyIndex.TryAdd(result.Number, _history.Count))
                _history.Add(result);
            else
                _history[_historyIndex[result.Number]] = result;
        }

        return _historyArray ??= [.. _history];
    }

    /// <summary>Whether a trial has a result among those of the last call of <see cref="History"/>.</summary>
    public bool IsInHistory(int trial) => _historyIndex.ContainsKey(trial);

    /// <summary>Epochs that the first search jobs took.</summary>
    public long EpochsOf(int seen) => History(seen).Sum(result => (long)result.Curve.Count);

    private void Begin(StudyHeader header)
    {
        if (header.Version > StudyHeader.CurrentVersion)
        {
            throw new ThalwegException($"{_place}: expected a study of version {StudyHeader.CurrentVersion}, found one of a newer version "
                + $"({header.Version}); update Thalweg to read it");
        }

        IsExtended = Definition is not null;
        Definition = StudyDefinition.Of(header);
        _historySeen = -1;
    }

    private void Leave(string worker)
    {
        _left.Add(worker);
        foreach (JobState job in Open.Where(job => job.Worker == worker))
            job.Worker = null;
    }

    private void Add(JobLine line)
    {
        if (line.Index != Jobs.Count)
            throw new ThalwegException($"{_place}: expected job {Jobs.Count}, found job {line.Index}: the study is damaged; restore it from a copy");
        JobState job = new(line);
        Jobs.Add(job);
        if (line.Kind != StudyJobKind.Search)
            return;
        if (line.Trial == Trials.Count)
            Trials.Add(new TrialState(line.Trial, TrialPoint.Parse(line.Point!)));
        Searches.Add(job);
        Trials[line.Trial].Jobs.Add(job);
    }

    /// <summary>Takes down a result; that of a worker whose job was taken over does not count.</summary>
    private void End(EndLine end)
    {
        JobState job = Jobs[end.Index];
        if (job.IsEnded || job.Worker != end.Worker)
            return;
        job.Report = end.Report;
        while (_endedJobs < Jobs.Count && Jobs[_endedJobs].IsEnded)
            _endedJobs++;
        while (EndedSearches < Searches.Count && Searches[EndedSearches].IsEnded)
            EndedSearches++;
    }
}
