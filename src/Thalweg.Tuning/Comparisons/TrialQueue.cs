using System.Runtime.ExceptionServices;

namespace Thalweg.Tuning;

/// <summary>The trials that are left, handed to several threads: those of the tuning first, and a contender's ranking when its
/// tuning is finished.</summary>
internal sealed class TrialQueue
{
    private readonly Comparison _comparison;
    private readonly Queue<Trial> _waiting = [];
    private readonly Dictionary<Trial, ComparisonTrial> _finished = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _news = new(0);
    private int _running;
    private Exception? _error;

    /// <summary>Puts together what is left.</summary>
    /// <param name="comparison">Names the trials.</param>
    /// <param name="finished">What has been done before.</param>
    public TrialQueue(Comparison comparison, IEnumerable<ComparisonTrial> finished)
    {
        _comparison = comparison;
        foreach (ComparisonTrial result in finished)
            _finished[result.Trial] = result;
        for (int contender = 0; contender < comparison.Options.Contenders.Count; contender++)
            Add(comparison.Tuning(contender));
        for (int contender = 0; contender < comparison.Options.Contenders.Count; contender++)
            AddRanking(contender);
    }

    /// <summary>Number of finished trials.</summary>
    public int Finished => _finished.Count;

    /// <summary>Whether nothing is left.</summary>
    public bool IsFinished => _finished.Count >= _comparison.TrialCount;

    /// <summary>The next trial; waits where one may still come. Null at the end.</summary>
    public Trial? Take(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_error is not null || cancellation.IsCancellationRequested || (_waiting.Count == 0 && _running == 0))
                {
                    _news.Release();
                    return null;
                }

                if (_waiting.TryDequeue(out Trial? trial))
                {
                    _running++;
                    return trial;
                }
            }

            _news.Wait(CancellationToken.None);
        }
    }

    /// <summary>Takes back a trial that has ended.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="result">Its result; null where it was cancelled.</param>
    /// <param name="record">Is called with the result, by one thread at a time.</param>
    public void Finish(Trial trial, ComparisonTrial? result, Action<ComparisonTrial> record)
    {
        lock (_lock)
        {
            _running--;
            if (result is not null)
            {
                _finished[trial] = result;
                record(result);
                if (trial.Phase == TrialPhase.Tuning)
                    AddRanking(trial.Contender);
            }
        }

        _news.Release();
    }

    /// <summary>Ends all threads because of an error.</summary>
    public void Fail(Exception error)
    {
        lock (_lock)
            _error ??= error;
        _news.Release();
    }

    /// <summary>Throws the error that ended a thread, if there was one.</summary>
    public void Rethrow()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private void Add(IEnumerable<Trial> trials)
    {
        foreach (Trial trial in trials.Where(trial => !_finished.ContainsKey(trial)))
            _waiting.Enqueue(trial);
    }

    private void AddRanking(int contender)
    {
        ComparisonTrial[] tuning = [.. _comparison.Tuning(contender).Select(trial => _finished.GetValueOrDefault(trial)).OfType<ComparisonTrial>()];
        if (tuning.Length == _comparison.Tuning(contender).Count())
            Add(_comparison.RankingOf(contender, tuning));
    }
}
