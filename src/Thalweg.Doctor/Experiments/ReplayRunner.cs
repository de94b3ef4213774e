using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Trains changed recipes from the same seed, each once, within a budget of counted work.</summary>
internal sealed class ReplayRunner
{
    /// <summary>Gains of loss (share of the trivial loss) and metric (points / 100) from which on a replay counts as better.</summary>
    private const double LossGain = 0.05, MetricGain = 0.03;

    private readonly Dictionary<string, Replay> _done = [], _known = [];
    private readonly Recipe _recipe;
    private readonly DoctorOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly double _runWork;

    /// <param name="recipe">The full recipe of the run.</param>
    /// <param name="outcome">What the run came to.</param>
    /// <param name="options">Data, network and budget.</param>
    /// <param name="cancellation">Ends a replay after its step.</param>
    public ReplayRunner(Recipe recipe, TrainingOutcome outcome, DoctorOptions options, CancellationToken cancellation = default)
    {
        (_recipe, Outcome, _options, _cancellation) = (recipe, outcome, options, cancellation);
        _runWork = Math.Max(1, outcome.Work);
    }

    /// <summary>What the run came to.</summary>
    public TrainingOutcome Outcome { get; }

    /// <summary>Work of all replays and experiments, as a multiple of that of the run.</summary>
    public double Spent { get; private set; }

    /// <summary>What is left of the budget.</summary>
    public double Left => _options.Budget - Spent;

    /// <summary>The replays that were made.</summary>
    public IReadOnlyCollection<Replay> Done => _done.Values;

    /// <summary>How much better one outcome is than another: the larger of both gains, in units from which on it counts.</summary>
    /// <param name="before">The run as it was.</param>
    /// <param name="after">The run with a change.</param>
    public static double Gain(TrainingOutcome before, TrainingOutcome after)
    {
        double loss = (before.Loss - after.Loss) / LossGain;
        double noise = 2 * Math.Sqrt(0.25 * Math.Max(0.05, 1 - Math.Abs((2 * Math.Max(0, before.Metric)) - 1)) / Math.Max(1, before.Samples));
        double metric = (after.Metric - before.Metric) / Math.Max(MetricGain, noise);
        return double.IsNaN(metric) ? loss : Math.Max(Math.Min(loss, metric < -1 ? 0 : loss), metric);
    }

    /// <summary>Takes over the replays that another runner of the same run made; their work counts where they are asked for.</summary>
    /// <param name="other">The other runner; null for none.</param>
    public void Reuse(ReplayRunner? other)
    {
        foreach ((string key, Replay replay) in other?._done ?? [])
            _known[key] = replay;
    }

    /// <summary>Counts the work of an experiment.</summary>
    /// <param name="work">Samples that went forward and backward.</param>
    /// <returns>The same as a multiple of the run.</returns>
    public double Count(double work)
    {
        double share = work / _runWork;
        Spent += share;
        return share;
    }

    /// <summary>Trains the recipe with a fix, or gives what it gave before.</summary>
    /// <param name="fix">The fix.</param>
    /// <returns>The replay; null where the budget is spent.</returns>
    public Replay? Try(Fix fix)
    {
        string key = string.Join('\n', fix.Changes);
        if (_done.TryGetValue(key, out Replay? known))
            return known;
        if (!fix.IsReplayable || Left <= 0)
            return null;
        if (_known.TryGetValue(key, out Replay? before))
        {
            Spent += before.Work;
            return _done[key] = before;
        }

        _options.Progress?.Invoke(fix.ToString());
        return _done[key] = Run(fix);
    }

    private Replay Run(Fix fix)
    {
        try
        {
            Recipe changed = fix.ApplyTo(_recipe);
            PreparedRecipe prepared = _options.Data is { } data && !fix.Changes.Any(change => change.Path.StartsWith("data.", StringComparison.Ordinal))
                ? changed.Prepare(data, _options.Network)
                : changed.Prepare(_options.Network);
            TrainingReport report = prepared.Trainer.Fit(_cancellation);
            _cancellation.ThrowIfCancellationRequested();
            TrainingOutcome outcome = TrainingOutcome.Of(prepared.Trainer, report);
            return new Replay(fix, outcome, Count(outcome.Work), null);
        }
        catch (ThalwegException failure)
        {
            return new Replay(fix, null, 0, failure.Message);
        }
    }
}

/// <summary>A changed recipe that was trained.</summary>
/// <param name="Fix">The change.</param>
/// <param name="Outcome">What it came to; null where it failed.</param>
/// <param name="Work">Its work, as a multiple of that of the run.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record Replay(Fix Fix, TrainingOutcome? Outcome, double Work, string? Failure);
