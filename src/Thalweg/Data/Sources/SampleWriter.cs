using System.Numerics;

namespace Thalweg.Data;

/// <summary>Takes the inputs and targets of one sample on its way into a batch.</summary>
public sealed class SampleWriter
{
    private readonly Batch _batch;
    private readonly bool[] _isWritten;

    internal SampleWriter(Batch batch) => (_batch, _isWritten) = (batch, new bool[batch.Specs.Length]);

    /// <summary>Row of the batch that is written.</summary>
    internal int Row { get; private set; }

    /// <summary>Length of the sample, in time steps, where its tensors are sequences; from 1 to their longest.
    /// Default: the longest.</summary>
    /// <exception cref="ThalwegException">It is out of range, or nothing of the sample is a sequence.</exception>
    public int Length
    {
        set => _batch.SetLength(Row, value);
    }

    /// <summary>Writes an input or a target.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The numbers of the sample, row-major; of a sequence its own steps, the rest is padded.</param>
    /// <exception cref="ThalwegException">No input or target has the name, or there are not as many numbers as its shape says.</exception>
    public void Write(string name, ReadOnlySpan<float> values) => Write<float>(name, values);

    /// <inheritdoc cref="Write(string, ReadOnlySpan{float})"/>
    public void Write(string name, ReadOnlySpan<double> values) => Write<double>(name, values);

    /// <inheritdoc cref="Write(string, ReadOnlySpan{float})"/>
    public void Write(string name, ReadOnlySpan<int> values) => Write<int>(name, values);

    /// <summary>Writes an input or a target of one number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="ThalwegException">No input or target has the name, or it holds several numbers.</exception>
    public void Write(string name, double value) => Write<double>(name, [value]);

    /// <summary>Turns to another row.</summary>
    internal void Begin(int row)
    {
        Row = row;
        Array.Clear(_isWritten);
    }

    /// <summary>Refuses a sample that has not been written whole.</summary>
    internal void End()
    {
        int missing = Array.IndexOf(_isWritten, false);
        if (missing >= 0)
        {
            throw new ThalwegException($"[data] expected the source to write '{_batch.Specs[missing].Name}', got nothing; write each input "
                + "and each target of the sample");
        }
    }

    private void Write<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        int position = _batch.PositionOf(name);
        _batch.Write(position, Row, values);
        _isWritten[position] = true;
    }
}
