namespace Thalweg.Data;

/// <summary>An array of items of equal shape, its values as they lie in their file: in memory, or mapped.</summary>
internal sealed class ArrayData
{
    private readonly byte[]? _bytes;
    private readonly MappedArray? _mapped;

    /// <summary>Keeps values in memory.</summary>
    /// <param name="shape">All sizes, the number of items first.</param>
    /// <param name="format">How the values lie.</param>
    /// <param name="bytes">The values, row-major.</param>
    public ArrayData(int[] shape, NumberFormat format, byte[] bytes) => (Shape, Format, _bytes) = (shape, format, bytes);

    private ArrayData(int[] shape, MappedArray mapped) => (Shape, Format, _mapped) = (shape, mapped.Format, mapped);

    /// <summary>All sizes, the number of items first.</summary>
    public int[] Shape { get; }

    /// <summary>How the values lie.</summary>
    public NumberFormat Format { get; }

    /// <summary>Whether the values stay in their file.</summary>
    public bool IsMapped => _mapped is not null;

    /// <summary>Number of items.</summary>
    public int Count => Shape[0];

    /// <summary>Values per item.</summary>
    public int Width => Shape.Skip(1).Aggregate(1, (product, size) => product * size);

    /// <summary>Keeps an array where it lies in a mapped file.</summary>
    public static ArrayData Map(MappedFile file, long start, NumberFormat format, int[] shape) =>
        new(shape, new MappedArray(file, start, format, checked((int)shape.Skip(1).Aggregate(1L, (product, size) => product * size))));

    /// <summary>Items <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    /// <returns>A copy in memory.</returns>
    public ArrayData Slice(int start, int count) => new([count, .. Shape.AsSpan(1)], Format, Raw(start, count).ToArray());

    /// <summary>The values of some items as they lie in the file.</summary>
    public ReadOnlySpan<byte> Raw(int start, int count) =>
        _mapped is not null ? _mapped.Raw(start, count) : _bytes.AsSpan(start * Width * Format.Size, count * Width * Format.Size);

    /// <summary>The numbers of some items.</summary>
    /// <param name="start">First item.</param>
    /// <param name="count">Number of items.</param>
    /// <param name="numbers">`[count, width]`.</param>
    public void Numbers(int start, int count, Span<double> numbers) => Format.Convert(Raw(start, count), numbers);

    /// <summary>The values as they are scaled for a network, channels first.</summary>
    public FeatureStore Encode(ImageEncoding encoding)
    {
        FeatureStore store = _mapped is not null ? new MappedFeatures(_mapped, Count, encoding)
            : Format.IsByte ? new ByteFeatures(_bytes!, Width, encoding)
            : new FloatFeatures(Scale(encoding), Width);
        return encoding.Layout == ImageLayout.ChannelsLast ? new ChannelsLastFeatures(store, Shape[^1]) : store;
    }

    /// <summary>The values as columns of a table: x0, x1, ...</summary>
    public TableColumn[] ToColumns() => ToColumns(FindWide());

    /// <summary>The values as columns of a table: x0, x1, ...</summary>
    /// <param name="isWide">What <see cref="FindWide"/> says of the array that this one is a part of.</param>
    public TableColumn[] ToColumns(bool[] isWide)
    {
        double[][] values = new double[Width][];
        WideIntegers?[] wide = new WideIntegers?[Width];
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = new double[Count];
            wide[column] = isWide[column] ? new WideIntegers(new long[Count], Format.Kind == 'u') : null;
        }

        double[] numbers = new double[Width];
        long[] bits = Format.IsWideInteger ? new long[Width] : [];
        for (int row = 0; row < Count; row++)
        {
            Numbers(row, 1, numbers);
            if (Format.IsWideInteger)
                Format.ReadWide(Raw(row, 1), bits);
            for (int column = 0; column < numbers.Length; column++)
            {
                values[column][row] = numbers[column];
                if (wide[column] is { } integers)
                    integers.Bits[row] = bits[column];
            }
        }

        return [.. values.Select((column, index) => new TableColumn($"x{index}", column) { Wide = wide[index] })];
    }

    /// <summary>The values as a column of labels, for an array of one value per item.</summary>
    public TableColumn ToLabels(string location)
    {
        if (Width != 1)
        {
            throw new ThalwegException($"{location}: expected one label per item, found an array of shape [{string.Join(", ", Shape)}]; "
                + "give class numbers, not one-hot rows");
        }

        if (Format.IsText)
            return ArrayText.ToColumn(location, "label", this);
        TableColumn column = ToColumns()[0];
        return new TableColumn("label", column.Numbers!) { Wide = column.Wide };
    }

    /// <summary>Whether each column holds integers that double precision does not.</summary>
    public bool[] FindWide()
    {
        bool[] isWide = new bool[Width];
        if (!Format.IsWideInteger)
            return isWide;
        long[] bits = new long[Width];
        for (int row = 0; row < Count; row++)
        {
            Format.ReadWide(Raw(row, 1), bits);
            for (int column = 0; column < bits.Length; column++)
                isWide[column] |= WideIntegers.IsNeeded(bits[column], Format.Kind == 'u');
        }

        return isWide;
    }

    private float[] Scale(ImageEncoding encoding)
    {
        float[] features = new float[Count * Width];
        new NumberScale(Format, encoding).Convert<float>(_bytes, features);
        return features;
    }
}
