using System.Diagnostics;
using System.Text.Json;

namespace Thalweg.Labs;

/// <summary>How far a run of labs is.</summary>
/// <param name="Finished">Labs that are finished.</param>
/// <param name="Total">All labs.</param>
/// <param name="Share">Share of the whole work that is done, each lab counting alike, in [0, 1].</param>
/// <param name="Remaining">Time that is probably left; null where nothing is known yet.</param>
/// <param name="Latest">The result that came last; null where none has just come.</param>
public sealed record LabProgress(int Finished, int Total, double Share, TimeSpan? Remaining, LabResult? Latest);

/// <summary>Runs labs, several side by side; what they find does not depend on how many.</summary>
/// <param name="options">How they are run.</param>
public sealed class LabRunner(LabRunOptions options)
{
    /// <summary>Folder where results are kept by default, below the working directory.</summary>
    public const string DefaultCacheFolder = "runs/labs";

    private readonly Lock _lock = new();
    private readonly Stopwatch _watch = new();
    private readonly Dictionary<string, double> _shares = [];
    private int _finished, _kept, _total;

    /// <summary>Raised as work gets done, by one thread at a time; must return quickly.</summary>
    public event Action<LabProgress>? Progressed;

    /// <summary>Folder in which results are kept until code, options or data change; null, the default, measures all again.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Labs at a time, 1 or more; default 1. With more, each runs on one thread.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Runs a lab.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public LabResult Run(Lab lab, CancellationToken cancellation = default) => Run([lab], cancellation)[0];

    /// <summary>Runs labs.</summary>
    /// <param name="labs">The labs.</param>
    /// <param name="cancellation">Ends the run; what is finished is kept in the cache.</param>
    /// <returns>Their results in the same order.</returns>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    /// <exception cref="ThalwegException">An option is out of range, or a lab failed: the message names it.</exception>
    public IReadOnlyList<LabResult> Run(IReadOnlyList<Lab> labs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(labs);
        options.Validate();
        CheckSettings(labs);
        (_total, _finished, _kept) = (labs.Count, 0, 0);
        _shares.Clear();
        _watch.Restart();
        LabResult[] results = new LabResult[labs.Count];
        int next = -1;
        List<Exception> errors = [];
        Thread[] workers = [.. Enumerable.Range(1, Math.Clamp(Parallel, 1, Math.Max(1, labs.Count)) - 1)
            .Select(number => new Thread(Loop) { Name = $"lab {number}", IsBackground = true })];
        foreach (Thread worker in workers)
            worker.Start();
        Loop();
        foreach (Thread worker in workers)
            worker.Join();
        if (errors.Count > 0)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(errors[0]).Throw();
        return results;

        void Loop()
        {
            using ThreadLimit limit = Parallel > 1 ? Threads.Limit(1) : default;
            while (Interlocked.Increment(ref next) is var at && at < labs.Count && !HasError())
            {
                try
                {
                    results[at] = RunOne(labs[at], cancellation);
                }
                catch (Exception error)
                {
                    lock (_lock)
                        errors.Add(error);
                }
            }
        }

        bool HasError()
        {
            lock (_lock)
                return errors.Count > 0;
        }
    }

    /// <summary>A result as one line of JSON, all its figures and pictures in it.</summary>
    /// <param name="result">The result.</param>
    public static string ToJson(LabResult result) => JsonSerializer.Serialize(result, LabJson.Default.LabResult);

    private LabResult RunOne(Lab lab, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LabCache? cache = CacheFolder is null ? null : new LabCache(CacheFolder);
        if (cache?.Find(lab, options) is { } kept)
        {
            Report(lab, 1, kept, isKept: true);
            return kept;
        }

        Stopwatch watch = Stopwatch.StartNew();
        LabContext context = new(lab, options, share => Report(lab, share, null), cancellation);
        lab.Run(context);
        LabResult result = context.Result() with { Seconds = watch.Elapsed.TotalSeconds };
        cache?.Keep(lab, options, result);
        Report(lab, 1, result);
        return result;
    }

    /// <summary>Takes down how far a lab is; time is extrapolated from what was measured, not from what was kept.</summary>
    private void Report(Lab lab, double share, LabResult? result, bool isKept = false)
    {
        lock (_lock)
        {
            _kept += isKept ? 1 : 0;
            _finished += result is null ? 0 : 1;
            _shares[lab.Name] = share;
            double done = _shares.Values.Sum(), measured = done - _kept;
            TimeSpan? left = measured > 0 ? _watch.Elapsed * ((_total - done) / measured) : null;
            Progressed?.Invoke(new LabProgress(_finished, _total, done / _total, left, result));
        }
    }

    /// <summary>A setting that no lab has is an error, not ignored.</summary>
    private void CheckSettings(IReadOnlyList<Lab> labs)
    {
        string[] known = [.. labs.SelectMany(lab => lab.Options).Select(option => option.Name).Distinct().Order()];
        if (options.Settings.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ThalwegException($"[lab] expected an option of the labs that are run, got '{unknown}'; "
                + (known.Length == 0 ? "they have none" : NearestName.Advice(unknown, known)));
        }
    }
}
