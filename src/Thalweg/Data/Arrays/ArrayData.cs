namespace Thalweg.Data;

/// <summary>An array of items of equal shape: bytes as they came, or single-precision numbers.</summary>
internal sealed class ArrayData
{
    private readonly byte[]? _bytes;
    private readonly float[]? _numbers;
    private readonly MappedArray? _mapped;

    /// <summary>Keeps an array of bytes.</summary>
    public ArrayData(int[] shape, byte[] bytes)
    {
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>Keeps an array of numbers.</summary>
    public ArrayData(int[] shape, float[] numbers)
    {
        Shape = shape;
        _numbers = numbers;
    }

    private ArrayData(int[] shape, MappedArray mapped)
    {
        Shape = shape;
        _mapped = mapped;
    }

    /// <summary>All sizes, the number of items first.</summary>
    public int[] Shape { get; }

    /// <summary>Whether the values are bytes, 0 to 255, and not numbers.</summary>
    public bool IsBytes => _bytes is not null || _mapped is { Format.IsByte: true };

    /// <summary>Whether the values stay in their file.</summary>
    public bool IsMapped => _mapped is not null;

    /// <summary>Number of items.</summary>
    public int Count => Shape[0];

    /// <summary>Numbers per item.</summary>
    public int Width => Shape.Skip(1).Aggregate(1, (product, size) => product * size);

    /// <summary>Shape of an item as a network sees it: one channel is put in front of a plain image.</summary>
    public int[] ItemShape => Shape.Length switch
    {
        1 => [1],
        3 => [1, Shape[1], Shape[2]],
        _ => Shape[1..],
    };

    /// <summary>Items <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    /// <returns>A copy in memory.</returns>
    public ArrayData Slice(int start, int count)
    {
        int[] shape = [count, .. Shape.AsSpan(1)];
        if (IsBytes)
            return new ArrayData(shape, Bytes(start, count).ToArray());
        float[] numbers = new float[count * Width];
        Numbers(start, count, numbers).CopyTo(numbers);
        return new ArrayData(shape, numbers);
    }

    /// <summary>Keeps an array where it lies in a mapped file.</summary>
    public static ArrayData Map(MappedFile file, long start, NumberFormat format, int[] shape) =>
        new(shape, new MappedArray(file, start, format, checked((int)shape.Skip(1).Aggregate(1L, (product, size) => product * size))));

    /// <summary>The bytes of some items, where the values are bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int start, int count) =>
        _mapped is not null ? _mapped.Raw(start, count) : _bytes.AsSpan(start * Width, count * Width);

    /// <summary>The numbers of some items, where the values are numbers; in the buffer where they lie in a file.</summary>
    /// <param name="start">First item.</param>
    /// <param name="count">Number of items.</param>
    /// <param name="buffer">`[count, width]`.</param>
    public ReadOnlySpan<float> Numbers(int start, int count, Span<float> buffer)
    {
        if (_mapped is null)
            return _numbers.AsSpan(start * Width, count * Width);
        _mapped.Format.Convert(_mapped.Raw(start, count), buffer);
        return buffer[..(count * Width)];
    }

    /// <summary>The values as they are scaled for a network.</summary>
    public FeatureStore Encode(ImageEncoding encoding)
    {
        if (_mapped is not null)
            return new MappedFeatures(_mapped, Count, encoding);
        if (_bytes is not null)
            return new ByteFeatures(_bytes, Width, encoding);
        float[] features = new float[_numbers!.Length];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)encoding.Encode(_numbers[i]);
        return new FloatFeatures(features, Width);
    }

    /// <summary>The values as columns of a table: x0, x1, ...</summary>
    public TableColumn[] ToColumns()
    {
        int width = Width;
        double[][] values = [.. Enumerable.Range(0, width).Select(_ => new double[Count])];
        float[] buffer = IsMapped ? new float[width] : [];
        for (int row = 0; row < Count; row++)
        {
            for (int column = 0; column < width; column++)
                values[column][row] = IsBytes ? Bytes(row, 1)[column] : Numbers(row, 1, buffer)[column];
        }

        return [.. values.Select((numbers, column) => new TableColumn($"x{column}", numbers))];
    }

    /// <summary>The values as a column of labels, for an array of one number per item.</summary>
    public TableColumn ToLabels(string place)
    {
        if (Width != 1)
            throw new ThalwegException($"{place}: expected one label per item, found an array of shape [{string.Join(", ", Shape)}]; "
                + "give class numbers, not one-hot rows");
        return new TableColumn("label", ToColumns()[0].Numbers!);
    }
}

/// <summary>Checks sizes that a file states before memory is asked for.</summary>
internal static class StatedSize
{
    /// <summary>The most bytes that one array may hold.</summary>
    private const long Largest = 0x7FFF_FFC7;

    /// <summary>Deflate never unpacks to more than this many bytes for one (RFC 1951: 258 bytes for 2 bits, and then some).</summary>
    private const long LargestRatio = 1040;

    /// <summary>Bytes of a file, product of the sizes, refused where it cannot be right.</summary>
    /// <param name="place">The file.</param>
    /// <param name="shape">Sizes, each at least 1.</param>
    /// <param name="itemBytes">Bytes per value.</param>
    /// <param name="isMapped">Whether the data stay in their file, so that one array need not hold them: each item and their number must
    /// still fit.</param>
    /// <returns>Number of bytes.</returns>
    public static long InBytes(string place, ReadOnlySpan<long> shape, int itemBytes, bool isMapped = false)
    {
        if (isMapped && shape[0] is >= 1 and <= int.MaxValue)
            return shape[0] * InBytes(place, shape[1..], itemBytes);
        long bytes = itemBytes;
        foreach (long size in shape)
        {
            if (size < 1)
                throw new ThalwegException($"{place}: the header states a size of {size} in [{Join(shape)}]; expected at least 1: "
                    + "the file is damaged or holds nothing");
            if (size > Largest / bytes)
                throw new ThalwegException($"{place}: the header states [{Join(shape)}], more than the 2 GiB that one array may hold; "
                    + "the file is damaged, or split it");
            bytes *= size;
        }

        return bytes;
    }

    /// <summary>Refuses a size that the bytes in a file cannot give.</summary>
    /// <param name="place">The file.</param>
    /// <param name="stated">Bytes that the header states.</param>
    /// <param name="available">Bytes that are there, packed or not.</param>
    /// <param name="isPacked">Whether those bytes are packed.</param>
    public static void CheckAvailable(string place, long stated, long available, bool isPacked)
    {
        if (isPacked ? stated / LargestRatio > available : stated != available)
        {
            throw new ThalwegException($"{place}: the header states {stated} bytes of data, but the file holds "
                + $"{(isPacked ? $"only {available} packed" : available)}; "
                + "it is truncated or its header is wrong");
        }
    }

    /// <summary>Sizes for a message.</summary>
    public static string Join(ReadOnlySpan<long> shape) => string.Join(", ", shape.ToArray());
}
