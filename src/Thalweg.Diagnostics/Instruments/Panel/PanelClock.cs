using System.Diagnostics;

namespace Thalweg.Diagnostics;

/// <summary>Times of the parts of a step, as <see cref="Stopwatch"/> counts; reported alone, nothing is decided by them.</summary>
internal sealed class PanelClock
{
    /// <summary>Begin of the step.</summary>
    public long Began { get; private set; }

    /// <summary>End of its backward pass.</summary>
    public long PassEnded { get; private set; }

    /// <summary>Time of the update of the last step that had one.</summary>
    public long LastUpdate { get; private set; }

    private long UpdateBegan { get; set; }

    public void Begin() => (Began, PassEnded) = (Stopwatch.GetTimestamp(), 0);

    public void EndPass() => PassEnded = Stopwatch.GetTimestamp();

    public void BeginUpdate() => UpdateBegan = Stopwatch.GetTimestamp();

    public void EndStep() => (LastUpdate, UpdateBegan) = (UpdateBegan == 0 ? LastUpdate : Stopwatch.GetTimestamp() - UpdateBegan, 0);
}
