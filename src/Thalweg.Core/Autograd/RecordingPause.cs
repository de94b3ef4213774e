namespace Thalweg;

/// <summary>A stretch of code in which a thread does not record operations: what <see cref="NoGrad"/> begins and ends.</summary>
/// <remarks>
/// The pauses of a thread form a chain, the innermost first. An object is used again for later pauses of its thread, so that one costs no
/// memory. Another thread can mark a pause as ended; its own thread then goes out of it at the next look.
/// </remarks>
internal sealed class RecordingPause
{
    /// <summary>Stands for the pause of a backward pass, which ends by itself.</summary>
    private static readonly RecordingPause s_always = new();

    [ThreadStatic]
    private static RecordingPause? t_current, t_spare;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private RecordingPause? _outer;
    private int _number;
    private volatile bool _hasEnded;

    /// <summary>Whether a pause is on this thread.</summary>
    public static bool IsOn => t_current is { } current && (!current._hasEnded || IsOneLeft());

    /// <summary>Goes out of the pauses that have ended; whether one is left.</summary>
    private static bool IsOneLeft()
    {
        while (t_current is { _hasEnded: true } ended)
            t_current = ended._outer;

        return t_current is not null;
    }

    /// <summary>Begins a pause on this thread.</summary>
    public static (RecordingPause Pause, int Number) Begin()
    {
        RecordingPause pause = t_spare ?? new RecordingPause();
        t_spare = t_spare?._outer;
        pause._hasEnded = false;
        pause._outer = t_current;
        t_current = pause;
        return (pause, ++pause._number);
    }

    /// <summary>Pauses or records until the result is disposed, whatever pauses are on.</summary>
    /// <param name="isOn">Whether to pause.</param>
    public static RecordingSwitch Switch(bool isOn) => new(isOn ? s_always : null);

    /// <summary>Sets the innermost pause, and returns the one before.</summary>
    public static RecordingPause? Exchange(RecordingPause? pause)
    {
        RecordingPause? before = t_current;
        t_current = pause;
        return before;
    }

    /// <summary>Ends a pause, if it is still on.</summary>
    /// <exception cref="ThalwegException">The pause is another thread's; it has ended all the same.</exception>
    public void End(int number)
    {
        if (_hasEnded || _number != number)
            return;

        _hasEnded = true;
        if (_thread != Environment.CurrentManagedThreadId)
        {
            throw new ThalwegException("[no grad] expected the end on the thread that began it, got it on another one, as after an " +
                "await; keep await outside of it (it has ended now)");
        }

        // Those that began inside and were left on end with it.
        RecordingPause? inner = t_current;
        while (inner is not null && inner != this)
            inner = inner._outer;

        for (; inner is not null && t_current != inner; t_current = t_current!._outer)
            t_current!._hasEnded = true;

        if (inner is not null)
            (t_current, _outer, t_spare) = (_outer, t_spare, this);
    }
}

/// <summary>A stretch of code that records, or does not, whatever <see cref="NoGrad"/> is around it; within a <c>using</c>, so that an
/// error leaves the thread as it was.</summary>
internal readonly ref struct RecordingSwitch(RecordingPause? pause)
{
    private readonly RecordingPause? _before = RecordingPause.Exchange(pause);

    /// <summary>Goes back to what was before.</summary>
    public void Dispose() => RecordingPause.Exchange(_before);
}
