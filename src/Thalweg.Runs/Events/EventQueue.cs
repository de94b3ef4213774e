namespace Thalweg.Runs;

/// <summary>Events on their way to the log: where the disk is full they wait for the next one, and the run continues.</summary>
/// <param name="path">File of the events, for messages.</param>
internal sealed class EventQueue(string path) : IDisposable
{
    private readonly Queue<RunEvent> _waiting = new();
    private string? _failure;

    /// <summary>The log; null before the folder of the run is there.</summary>
    public EventLog? Log { get; private set; }

    /// <summary>Begins to write.</summary>
    /// <param name="log">The log.</param>
    public void Open(EventLog log) => Log = log;

    /// <summary>Writes an event behind those that wait.</summary>
    public void Write(RunEvent item)
    {
        _waiting.Enqueue(item);
        if (Log is not null)
            WriteWaiting();
    }

    /// <summary>Writes what still waits; the last chance.</summary>
    /// <exception cref="ThalwegException">It cannot be written.</exception>
    public void WriteRest()
    {
        WriteWaiting();
        if (_failure is not null)
            throw new ThalwegException($"{path}: cannot write the events of the run ({_failure}); make room and resume");
    }

    /// <inheritdoc/>
    public void Dispose() => Log?.Dispose();

    private void WriteWaiting()
    {
        try
        {
            while (_waiting.TryPeek(out RunEvent? next))
            {
                Log!.Write(next);
                _ = _waiting.Dequeue();
            }

            _failure = null;
        }
        catch (IOException error)
        {
            _failure = error.Message;
        }
    }
}
