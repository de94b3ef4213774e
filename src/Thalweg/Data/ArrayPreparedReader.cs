namespace Thalweg.Data;

/// <summary>Applies the preprocessing of images to items that come block by block.</summary>
internal sealed class ArrayPreparedReader : PreparedReader
{
    private readonly Func<int, ArrayData?> _next;
    private readonly IDisposable? _owner;
    private readonly TableColumn? _labels;
    private readonly ImageEncoding _encoding;
    private readonly List<DataNote> _notes = [];

    private ArrayPreparedReader(string location, Preprocessing preprocessing, ArraySupply supply, DataOptions options)
        : base(location, preprocessing, supply.Labels is not null)
    {
        (_next, int[] shape, _labels, _owner) = supply;
        _encoding = preprocessing.Image! with { Layout = ImageAxes.Match(location, shape, options.Layout, preprocessing, _notes) };
    }

    /// <summary>Reads arrays in memory or mapped.</summary>
    public static ArrayPreparedReader OpenArrays(
        string location, LabeledArrays data, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        ArrayData features = data.Features;
        TableColumn? labels = Require(location, features.Count, data.Labels, requireTarget);
        int start = 0;
        return new ArrayPreparedReader(location, preprocessing, new ArraySupply(Next, features.Shape, labels, null), options);

        ArrayData? Next(int limit)
        {
            int count = Math.Min(limit, features.Count - start);
            start += count;
            return count == 0 ? null : features.Slice(start - count, count);
        }
    }

    /// <summary>Streams an IDX file.</summary>
    public static ArrayPreparedReader OpenIdx(
        string path, string? labelsPath, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        IdxReader reader = new(path, options.MaxSize);
        try
        {
            TableColumn? labels = requireTarget && labelsPath is not null
                ? IdxReader.ReadAll(labelsPath, options.MaxSize).ToLabels(labelsPath) : null;
            labels = Require(path, reader.Shape[0], labels, requireTarget);
            return new ArrayPreparedReader(path, preprocessing, new ArraySupply(reader.Read, [.. reader.Shape], labels, reader), options);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private protected override bool Fill(PreparedBlock block, long firstRow)
    {
        if (_next(BlockRows) is not { } items)
            return false;
        FeatureStore store = items.Encode(_encoding);
        int width = Preprocessing.FeatureWidth;
        Span<float> features = block.Begin(items.Count, width, firstRow, []);
        for (int row = 0; row < items.Count; row++)
            store.CopyRow(row, features.Slice(row * width, width));
        if (_labels is not null)
        {
            TableColumn column = _labels.WithRows([.. Enumerable.Range((int)firstRow, items.Count)]);
            (int[]? labels, float[]? targets) = TargetReader.Encode(Location, Preprocessing, column, []);
            block.SetTarget(labels, targets);
        }

        return true;
    }

    private protected override IEnumerable<DataNote> FindNotes() => _notes;

    private protected override void Dispose(bool disposing) => _owner?.Dispose();

    private static TableColumn? Require(string location, int count, TableColumn? labels, bool requireTarget)
    {
        if (!requireTarget)
            return null;
        if (labels is null)
            throw new ThalwegException($"{location}: there are no labels; evaluation needs them (prediction does not)");
        LabeledArrays.CheckCounts(location, count, null, labels);
        LabeledArrays.CheckPresent(location, labels);
        return labels;
    }

    /// <summary>What gives the next items, the shape of all of them, their labels, and what is to be disposed of at the end.</summary>
    private readonly record struct ArraySupply(Func<int, ArrayData?> Next, int[] Shape, TableColumn? Labels, IDisposable? Owner);
}
