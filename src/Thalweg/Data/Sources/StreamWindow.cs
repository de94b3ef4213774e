namespace Thalweg.Data;

/// <summary>The samples of a stream that a step looks at, as the rows of a store, and those of the next step, read ahead.</summary>
/// <param name="stream">The stream.</param>
/// <param name="capacity">Samples of the largest batch.</param>
internal sealed class StreamWindow(SampleStream stream, int capacity) : SampleStore
{
    private readonly List<Sample> _ahead = [];
    private readonly Sample[] _current = new Sample[capacity];
    private readonly float[] _weights = new float[capacity];
    private IEnumerator<Sample>? _reader;
    private int _pass;
    private long _taken;
    private bool _isPassOver;

    /// <summary>The stream.</summary>
    public SampleStream Stream => stream;

    public override int Count => capacity;

    public override IReadOnlyList<TensorSpec> Inputs => stream.Inputs;

    public override bool HasTargets => true;

    public override bool HasLengths { get; } = stream.Inputs.Any(spec => spec.IsSequence);

    /// <summary>Where the next step begins: the pass, and the samples of it that have been taken.</summary>
    public (int Pass, long Sample) Position => (_pass, _taken);

    /// <summary>Weight of each row; null where samples have none.</summary>
    public float[]? Weights => stream.HasWeights ? _weights : null;

    /// <summary>Goes to a place of the stream.</summary>
    public void Seek(int pass, long sample)
    {
        Close();
        (_pass, _taken, _isPassOver) = (pass, sample, false);
    }

    /// <summary>Ends the reading; it can continue where it was.</summary>
    public void Close()
    {
        _reader?.Dispose();
        _reader = null;
        _ahead.Clear();
        _isPassOver = false;
    }

    /// <summary>Begins an epoch: the next pass, where an epoch is one.</summary>
    public void BeginEpoch()
    {
        if (_taken > 0 && stream.StepsPerEpoch is null)
            Seek(_pass + 1, 0);
    }

    /// <summary>Takes back the samples of the last step, which was given up.</summary>
    /// <param name="count">Number of them.</param>
    public void Return(int count)
    {
        _ahead.InsertRange(0, _current.AsSpan(0, count));
        _taken -= count;
    }

    /// <summary>Whether the pass has enough left for another step of up to so many samples.</summary>
    /// <param name="size">Samples of a batch.</param>
    /// <param name="dropsLast">Whether a last smaller batch is left out. One sample alone always is, unless it is the only one.</param>
    public bool HasNext(int size, bool dropsLast)
    {
        ReadAhead(size);
        bool isWhole = _ahead.Count >= size, isFirst = _taken == 0;
        return isWhole || (_ahead.Count > 0 && !(dropsLast && !isFirst) && (_ahead.Count > 1 || isFirst));
    }

    /// <summary>Takes the samples of a step; the number of them.</summary>
    public int Take(int size)
    {
        ReadAhead(size);
        int count = Math.Min(size, _ahead.Count);
        Show(count);
        _ahead.RemoveRange(0, count);
        _taken += count;
        return count;
    }

    /// <summary>Shows the first samples without taking them.</summary>
    public void Peek(int count)
    {
        ReadAhead(count);
        Show(Math.Min(count, _ahead.Count));
    }

    public override void Fill(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Batch batch)
    {
        int longest = 0;
        for (int i = 0; HasLengths && i < samples.Length; i++)
            longest = Math.Max(longest, _current[rows[samples[i]]].LengthIn(stream.Inputs));
        batch.Begin(samples.Length, longest == 0 ? 0 : Math.Min(longest, stream.Inputs.First(spec => spec.IsSequence).Shape[0]));
        for (int i = 0; i < samples.Length; i++)
        {
            batch.Writer.Begin(i);
            try
            {
                _current[rows[samples[i]]].Write(batch.Writer, batch);
                batch.Writer.End();
            }
            catch (ThalwegException error)
            {
                throw SourceStore.Failed(stream.Name, _taken - samples.Length + i, error);
            }
        }

        batch.End();
    }

    private void Show(int count)
    {
        for (int i = 0; i < count; i++)
            (_current[i], _weights[i]) = (_ahead[i], _ahead[i].Weight);
    }

    /// <summary>Reads until so many samples wait, or the pass is over; over passes where an epoch is a number of steps.</summary>
    private void ReadAhead(int size)
    {
        while (_ahead.Count < size && !_isPassOver)
        {
            if (Read() is { } sample)
            {
                _ahead.Add(sample);
            }
            else if (_taken + _ahead.Count == 0)
            {
                throw new ThalwegException($"[data] expected samples in pass {_pass} of the source '{stream.Name}', got none; "
                    + "open it anew for each pass, or train for fewer epochs");
            }
            else if (stream.StepsPerEpoch is null)
            {
                _isPassOver = true;
            }
            else if (_ahead.Count > 0)
            {
                return;
            }
            else
            {
                Seek(_pass + 1, 0);
            }
        }
    }

    private Sample? Read()
    {
        try
        {
            _reader ??= stream.Open(_pass, _taken).GetEnumerator();
            return _reader.MoveNext()
                ? _reader.Current ?? throw new ThalwegException("got null; give a sample")
                : null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            long position = _taken + _ahead.Count;
            Close();
            throw SourceStore.Failed(stream.Name, position, error);
        }
    }
}
