using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Gives a replay up that is clearly no help at its middle. Source: Jamieson, Talwalkar, Non-stochastic best arm identification
/// and hyperparameter optimization, AISTATS 2016, section 3, with one rung.</summary>
/// <param name="run">The epochs of the run as it was.</param>
/// <param name="cancellation">Ends the replay as well.</param>
internal sealed class ReplayWatch(IReadOnlyList<EpochReport> run, CancellationToken cancellation) : ITrainingObserver, IDisposable
{
    /// <summary>Share of the epochs at which it is judged, and how far its best loss must lie above that of the run.</summary>
    private const double Middle = 0.5, Worse = 1.05;

    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private double _lowest = double.PositiveInfinity;
    private bool _isJudged;

    /// <summary>Ends the replay.</summary>
    public CancellationToken Cancellation => _source.Token;

    /// <summary>Whether the replay was given up.</summary>
    public bool IsHopeless { get; private set; }

    /// <inheritdoc/>
    public void EpochEnded(Trainer trainer, EpochReport epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.IsEvaluated && double.IsFinite(epoch.Validation.Loss))
            _lowest = Math.Min(_lowest, epoch.Validation.Loss);
        int epochs = trainer.Options.Epochs;
        if (_isJudged || epoch.Epoch < Middle * epochs || !epoch.IsEvaluated)
            return;
        _isJudged = true;
        double before = Lowest(Math.Max(1, run.Count / 2)), last = Lowest(run.Count);
        IsHopeless = epoch.Epoch < epochs && double.IsFinite(before) && _lowest > Limit(before) && _lowest > Limit(last);
        if (IsHopeless)
            _source.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static double Limit(double loss) => loss + ((Worse - 1) * Math.Abs(loss));

    /// <summary>Lowest validation loss of the first epochs of the run.</summary>
    private double Lowest(int count) => run.Take(count).Where(epoch => epoch.IsEvaluated && double.IsFinite(epoch.Validation.Loss))
        .Select(epoch => epoch.Validation.Loss).DefaultIfEmpty(double.PositiveInfinity).Min();
}
