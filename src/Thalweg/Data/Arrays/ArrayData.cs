namespace Thalweg.Data;

/// <summary>An array of items of equal shape: bytes as they came, or single-precision numbers.</summary>
internal sealed class ArrayData
{
    /// <summary>Keeps an array of bytes.</summary>
    public ArrayData(int[] shape, byte[] bytes)
    {
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Keeps an array of numbers.</summary>
    public ArrayData(int[] shape, float[] numbers)
    {
        Shape = shape;
        Numbers = numbers;
    }

    /// <summary>All sizes, the number of items first.</summary>
    public int[] Shape { get; }

    /// <summary>Row-major bytes, or null.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Row-major numbers, or null.</summary>
    public float[]? Numbers { get; }

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
    public ArrayData Slice(int start, int count)
    {
        int[] shape = [count, .. Shape.AsSpan(1)];
        return Bytes is not null
            ? new ArrayData(shape, Bytes.AsSpan(start * Width, count * Width).ToArray())
            : new ArrayData(shape, Numbers.AsSpan(start * Width, count * Width).ToArray());
    }

    /// <summary>The values as they are scaled for a network.</summary>
    public FeatureStore Encode(ImageEncoding encoding)
    {
        if (Bytes is not null)
            return new ByteFeatures(Bytes, Width, encoding);
        float[] features = new float[Numbers!.Length];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)encoding.Encode(Numbers[i]);
        return new FloatFeatures(features, Width);
    }

    /// <summary>The values as columns of a table: x0, x1, ...</summary>
    public TableColumn[] ToColumns()
    {
        int width = Width;
        TableColumn[] columns = new TableColumn[width];
        for (int column = 0; column < width; column++)
        {
            double[] values = new double[Count];
            for (int row = 0; row < values.Length; row++)
                values[row] = Bytes is not null ? Bytes[(row * width) + column] : Numbers![(row * width) + column];
            columns[column] = new TableColumn($"x{column}", values);
        }

        return columns;
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

    /// <summary>Product of the sizes, refused where it cannot be right.</summary>
    /// <param name="place">The file.</param>
    /// <param name="shape">Sizes, each at least 1.</param>
    /// <param name="itemBytes">Bytes per value.</param>
    /// <returns>Number of bytes.</returns>
    public static long InBytes(string place, ReadOnlySpan<long> shape, int itemBytes)
    {
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
