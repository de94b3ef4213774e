namespace Thalweg.Data;

/// <summary>Applies the preprocessing of images to items that come block by block.</summary>
internal sealed class ArrayPreparedReader : PreparedReader
{
    private readonly Func<int, ArrayData?> _next;
    private readonly IDisposable? _owner;
    private readonly TableColumn? _labels;

    private ArrayPreparedReader(string place, Preprocessing preprocessing, TableColumn? labels, ArraySupply supply)
        : base(place, preprocessing, labels is not null)
    {
        (_next, int[] shape, _owner) = supply;
        _labels = labels;
        int width = shape.Skip(1).Aggregate(1, (product, size) => product * size);
        if (width != preprocessing.FeatureWidth)
        {
            throw new ThalwegException($"{place}: expected items of shape [{string.Join(", ", preprocessing.FeatureShape)}] "
                + $"as in the training data, found [{string.Join(", ", shape.Skip(1))}]");
        }
    }

    /// <summary>Reads arrays in memory.</summary>
    public static ArrayPreparedReader OpenArrays(
        string place, ArrayData features, TableColumn? labels, Preprocessing preprocessing, bool requireTarget)
    {
        labels = Require(place, features.Count, labels, requireTarget);
        int start = 0;
        return new ArrayPreparedReader(place, preprocessing, labels, new ArraySupply(Next, features.Shape, null));

        ArrayData? Next(int limit)
        {
            int count = Math.Min(limit, features.Count - start);
            start += count;
            return count == 0 ? null : features.Slice(start - count, count);
        }
    }

    /// <summary>Streams an IDX file.</summary>
    public static ArrayPreparedReader OpenIdx(string path, string? labelsPath, Preprocessing preprocessing, bool requireTarget)
    {
        IdxReader reader = new(path);
        try
        {
            TableColumn? labels = requireTarget && labelsPath is not null ? IdxReader.ReadAll(labelsPath).ToLabels(labelsPath) : null;
            labels = Require(path, reader.Shape[0], labels, requireTarget);
            return new ArrayPreparedReader(path, preprocessing, labels, new ArraySupply(reader.Read, [.. reader.Shape], reader));
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
        FeatureStore store = items.Encode(Preprocessing.Image!);
        int width = Preprocessing.FeatureWidth;
        Span<float> features = block.Begin(items.Count, width, firstRow, []);
        for (int row = 0; row < items.Count; row++)
            store.CopyRow(row, features.Slice(row * width, width));
        if (_labels is not null)
        {
            int start = (int)firstRow;
            TableColumn column = new("label", _labels.Numbers.AsSpan(start, items.Count).ToArray());
            (int[]? labels, float[]? targets) = TargetReader.Encode(Place, Preprocessing, column, []);
            block.SetTarget(labels, targets);
        }

        return true;
    }

    private protected override void Dispose(bool disposing) => _owner?.Dispose();

    private static TableColumn? Require(string place, int count, TableColumn? labels, bool requireTarget)
    {
        if (!requireTarget)
            return null;
        if (labels is null)
            throw new ThalwegException($"{place}: there are no labels; evaluation needs them (prediction does not)");
        ImageDirectory.CheckCounts(place, count, null, labels);
        return labels;
    }

    /// <summary>What gives the next items, the shape of all of them, and what is to be disposed of at the end.</summary>
    private readonly record struct ArraySupply(Func<int, ArrayData?> Next, int[] Shape, IDisposable? Owner);
}
