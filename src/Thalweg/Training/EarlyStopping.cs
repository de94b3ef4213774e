namespace Thalweg.Training;

/// <summary>Watches a metric of which more is better, and reports when it has stopped improving.</summary>
/// <remarks>An improvement is strict, in the metric or, where that is equal, in the loss: on few validation samples a metric such as
/// accuracy takes few values, and its first best is often an epoch of chance. NaN never improves. Source: Prechelt, "Early stopping - but
/// when?", 1998, criterion UP by epochs.</remarks>
/// <param name="patience">Observations without improvement after which to stop, 1 or more; 0 never stops.</param>
/// <param name="improvement">What counts as an improvement; default null, any strict one.</param>
public sealed class EarlyStopping(int patience, MinDelta? improvement = null)
{
    private readonly MinDelta _improvement = improvement ?? new MinDelta();
    private int _waited;

    /// <summary>The best value so far; negative infinity before the first.</summary>
    public double Best { get; private set; } = double.NegativeInfinity;

    /// <summary>The loss that came with the best value; NaN where none was given.</summary>
    public double BestLoss { get; private set; } = double.NaN;

    /// <summary>The epoch of the best value; -1 before the first.</summary>
    public int BestEpoch { get; private set; } = -1;

    /// <summary>Observations since the best one.</summary>
    public int Waited => _waited;

    /// <summary>Whether it is time to stop.</summary>
    public bool IsDue => patience > 0 && _waited >= patience;

    /// <summary>Takes note of a value.</summary>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="metric">The value; more is better.</param>
    /// <param name="loss">Decides between equal values, less is better; NaN, the default, leaves the earlier one the best.</param>
    /// <returns>Whether it is the best so far.</returns>
    public bool Observe(int epoch, double metric, double loss = double.NaN)
    {
        if (_improvement.Holds(metric, Best, loss < BestLoss) || (BestEpoch < 0 && double.IsNaN(metric)))
        {
            (Best, BestLoss, BestEpoch, _waited) = (double.IsNaN(metric) ? Best : metric, loss, epoch, 0);
            return true;
        }

        _waited++;
        return false;
    }

    /// <summary>Goes on from where an earlier run stood.</summary>
    /// <param name="best">Best value.</param>
    /// <param name="bestEpoch">Its epoch.</param>
    /// <param name="waited">Observations since then.</param>
    /// <param name="bestLoss">Loss that came with the best value; NaN where none did.</param>
    public void Restore(double best, int bestEpoch, int waited, double bestLoss = double.NaN) =>
        (Best, BestEpoch, _waited, BestLoss) = (best, bestEpoch, waited, bestLoss);
}
