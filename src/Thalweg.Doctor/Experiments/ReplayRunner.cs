using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Trains changed recipes from the same seed, each once, within a budget of counted work.</summary>
internal sealed class ReplayRunner
{
    /// <summary>Gains of loss (share of the trivial loss) and metric (points / 100) from which on a replay counts as better.</summary>
    private const double LossGain = 0.05, MetricGain = 0.03;

    /// <summary>Share of a run that sums of work may be off, and rise of a run's work that lengthens it.</summary>
    private const double Rounding = 1e-6, Longer = 1.2;

    private const string Epochs = "training.epochs";

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

    /// <summary>The epochs of the run, where no replay may take more than what is left of the budget: one that would is made shorter, or
    /// not begun, and one that is clearly no help at its middle is given up. Null, the default, finishes what has begun.</summary>
    public IReadOnlyList<EpochReport>? BoundedBy { get; init; }

    /// <summary>What the replay of a fix gained; NaN where there was none.</summary>
    public double GainOf(Fix fix) =>
        _done.GetValueOrDefault(Key(fix)) is not { } replay ? double.NaN
            : replay.Outcome is { } outcome ? Gain(Outcome, outcome) : double.NegativeInfinity;

    /// <summary>Whether the budget is enough for the given work.</summary>
    public bool Allows(double work) => work / _runWork <= Left + Rounding;

    /// <summary>Work of a run that takes all of its epochs.</summary>
    public static double LongestWork(Trainer trainer) => (double)trainer.TotalSteps * trainer.BatchSize;

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
        string key = Key(fix);
        if (_done.TryGetValue(key, out Replay? known))
            return known;
        if (!fix.IsReplayable || Left <= 0)
            return null;
        if (_known.TryGetValue(key, out Replay? before) && (BoundedBy is null || before.Work <= Left + Rounding))
        {
            Spent += before.Work;
            return _done[key] = before;
        }

        _options.Progress?.Invoke(fix.ToString());
        return Run(fix) is { } replay ? _done[key] = replay : null;
    }

    private static string Key(Fix fix) => string.Join('\n', fix.Changes);

    /// <summary>Trains with a fix; null where what is left of the budget is not enough.</summary>
    private Replay? Run(Fix fix)
    {
        try
        {
            PreparedRecipe prepared = Prepare(fix);
            if (BoundedBy is not { } epochs)
                return Replayed(fix, prepared.Trainer, prepared.Trainer.Fit(_cancellation));
            double longest = LongestWork(prepared.Trainer);
            if (!Allows(longest))
            {
                if (Shortened(fix, longest) is not { } shorter)
                    return null;
                (fix, prepared) = (shorter, Prepare(shorter));
            }

            using ReplayWatch watch = new(epochs, _cancellation);
            Trainer trainer = new(
                prepared.Network, prepared.Split.Training, prepared.Split.Validation.Data.Count == 0 ? null : prepared.Split.Validation,
                prepared.Options with { Observers = [.. prepared.Options.Observers, watch] }, prepared.Split.Preprocessing.Target.Scale);
            Replay replay = Replayed(fix, trainer, trainer.Fit(watch.Cancellation));
            return replay with { IsGivenUp = watch.IsHopeless };
        }
        catch (ThalwegException failure)
        {
            return new Replay(fix, null, 0, failure.Message);
        }
    }

    private PreparedRecipe Prepare(Fix fix)
    {
        Recipe changed = fix.ApplyTo(_recipe);
        bool isOtherData = fix.Changes.Any(change => change.Path.StartsWith("data.", StringComparison.Ordinal));
        return _options.Data is { } data && !isOtherData ? changed.Prepare(data, _options.Network) : changed.Prepare(_options.Network);
    }

    private Replay Replayed(Fix fix, Trainer trainer, TrainingReport report)
    {
        _cancellation.ThrowIfCancellationRequested();
        TrainingOutcome outcome = TrainingOutcome.Of(trainer, report);
        return new Replay(fix, outcome, Count(outcome.Work), null);
    }

    /// <summary>A fix that makes the run longer, with as many epochs as the budget allows; null where it is not enough.</summary>
    private Fix? Shortened(Fix fix, double longest)
    {
        Recipe changed = fix.ApplyTo(_recipe);
        if (longest <= Longer * _runWork || Left < Longer || changed.Training.Epochs is not { } epochs)
            return null;
        int fitting = (int)(epochs * (Left + Rounding) * _runWork / longest);
        string old = _recipe.GetText(Epochs) ?? "";
        return fitting < 1 ? null : fix with
        {
            Changes = ValueList.Of<RecipeDifference>(
            [
                .. fix.Changes.Where(change => change.Path != Epochs),
                new RecipeDifference(Epochs, old, fitting.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ]),
        };
    }
}

/// <summary>A changed recipe that was trained.</summary>
/// <param name="Fix">The change.</param>
/// <param name="Outcome">What it came to; null where it failed.</param>
/// <param name="Work">Its work, as a multiple of that of the run.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record Replay(Fix Fix, TrainingOutcome? Outcome, double Work, string? Failure)
{
    /// <summary>Whether it was given up at its middle, as clearly no help; the figures are those of then.</summary>
    public bool IsGivenUp { get; init; }
}
