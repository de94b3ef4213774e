namespace Thalweg.Data;

/// <summary>Some consecutive rows of new data, ready for the network; valid until the next block is read.</summary>
public sealed class PreparedBlock
{
    private float[] _features = [];
    private int[] _labels = [];
    private float[] _targets = [];
    private long[] _lines = [];
    private int _width;

    /// <summary>Number of rows, at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>Features: `[Count, FeatureWidth]`.</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Count * _width);

    /// <summary>Class of each row; empty unless the target is read and is one of classes.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Standardized target of each row; empty unless the target is read and is a number.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>1-based line of each row in its text file; empty where the data is no text.</summary>
    public ReadOnlySpan<long> Lines => _lines;

    /// <summary>0-based number of the block's first row among all rows that were read.</summary>
    public long FirstRow { get; private set; }

    internal Span<float> Begin(int count, int width, long firstRow, long[] lines)
    {
        Count = count;
        _width = width;
        FirstRow = firstRow;
        _lines = lines;
        _labels = [];
        _targets = [];
        if (_features.Length < count * width)
            _features = new float[count * width];
        return _features.AsSpan(0, count * width);
    }

    internal void SetTarget(int[]? labels, float[]? targets)
    {
        _labels = labels ?? [];
        _targets = targets ?? [];
    }
}
