using System.Diagnostics;

namespace Thalweg.Runs;

/// <summary>Tells when a checkpoint is due. Time is that of a clock which cannot jump.</summary>
/// <param name="interval">From one to the next.</param>
internal sealed class CheckpointSchedule(CheckpointInterval interval)
{
    private long _last = Stopwatch.GetTimestamp();
    private bool _isDue;

    /// <summary>Whether a checkpoint is due.</summary>
    public bool IsDue => _isDue || (interval.Time > TimeSpan.Zero && Stopwatch.GetElapsedTime(_last) >= interval.Time);

    /// <summary>Takes note of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    public void StepEnded(long step) => _isDue |= interval.Steps > 0 && (step + 1) % interval.Steps == 0;

    /// <summary>Takes note of an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public void EpochEnded(int epoch) => _isDue |= interval.Epochs > 0 && (epoch + 1) % interval.Epochs == 0;

    /// <summary>Takes note of a checkpoint.</summary>
    public void Begin() => (_isDue, _last) = (false, Stopwatch.GetTimestamp());
}
