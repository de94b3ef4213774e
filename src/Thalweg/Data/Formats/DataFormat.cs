namespace Thalweg.Data;

/// <summary>A format of data files that the library does not read by itself. Once registered, <see cref="DataSource.Open"/>, recipes and
/// the command read its files like those of the library.</summary>
/// <remarks>
/// <code>
/// public sealed class LineFormat : DataFormat
/// {
///     public override string Name =&gt; "lines";
///
///     public override IReadOnlyList&lt;string&gt; Extensions =&gt; [".lines"];
///
///     public override DataContent Read(Stream stream, string path, DataOptions options) =&gt; new TableContent([/* blocks of columns */]);
/// }
///
/// DataFormat.Register(new LineFormat());
/// </code>
/// Registered formats are asked before those of the library, the last one first. A format is used by several threads at once.
/// </remarks>
public abstract class DataFormat
{
    private const int StartBytes = 512;

    private static readonly Lock s_lock = new();
    private static DataFormat[] s_registered = [];

    /// <summary>The registered formats, the last one first.</summary>
    public static IReadOnlyList<DataFormat> Registered => Volatile.Read(ref s_registered);

    /// <summary>Name in messages and reports, such as <c>Parquet</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Extensions of its files, each with its point, in any case; default none.</summary>
    public virtual IReadOnlyList<string> Extensions => [];

    /// <summary>Adds a format; one of the same name takes the place of the earlier one.</summary>
    /// <param name="format">The format.</param>
    public static void Register(DataFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        lock (s_lock)
            Volatile.Write(ref s_registered, [format, .. s_registered.Where(known => known.Name != format.Name)]);
    }

    /// <summary>Whether a file is of this format; by default by its extension.</summary>
    /// <param name="path">The file, or <c>-</c> for the standard input.</param>
    /// <param name="start">Its first bytes, up to 512, unpacked where it is packed by gzip.</param>
    public virtual bool Recognizes(string path, ReadOnlySpan<byte> start) =>
        Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file as it lies on disk, at its start; it can seek, and stays open while the blocks of a table are
    /// read.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="options">What the caller says of the data.</param>
    /// <returns>A table or an array.</returns>
    /// <exception cref="ThalwegException">The file is damaged, or holds what cannot be read; the message begins with the path.</exception>
    /// <exception cref="IOException">The file cannot be read; the caller says so with the path and the name of the format, as it does for
    /// <see cref="FormatException"/> and <see cref="InvalidDataException"/>.</exception>
    public abstract DataContent Read(Stream stream, string path, DataOptions options);

    /// <summary>The registered format of a file; null where none knows it.</summary>
    internal static DataFormat? Find(string path)
    {
        if (Registered.Count == 0)
            return null;
        byte[] start = SourceFile.ReadPrefix(path, StartBytes, out _);
        return Registered.FirstOrDefault(format => format.Recognizes(path, start));
    }
}

/// <summary>What a <see cref="DataFormat"/> reads from a file: a <see cref="TableContent"/> or an <see cref="ArrayContent"/>.</summary>
public abstract record DataContent
{
    private protected DataContent()
    {
    }
}

/// <summary>A table, by blocks of rows.</summary>
/// <param name="Blocks">Blocks of rows, each its columns in equal order, of equal names and kinds; at least one block. A table that is too
/// large for the memory goes block by block into a temporary file.</param>
public sealed record TableContent(IEnumerable<IReadOnlyList<ColumnValues>> Blocks) : DataContent
{
    /// <summary>Size of the whole table in memory, in bytes, that <see cref="DataOptions.InMemoryLimit"/> is compared with; default null:
    /// that of the file.</summary>
    public long? Size { get; init; }
}

/// <summary>An array of samples of equal shape, such as images <c>[count, channels, height, width]</c>, with their labels.</summary>
/// <remarks>Two axes of floats are rows and columns of a table.</remarks>
public sealed record ArrayContent : DataContent
{
    /// <summary>Makes an array of floats.</summary>
    /// <param name="shape">All sizes, the number of samples first.</param>
    /// <param name="values">The values, row-major.</param>
    /// <param name="labels">A label or number for each sample; null where there are none.</param>
    /// <exception cref="ThalwegException">The sizes do not fit the values or the labels.</exception>
    public ArrayContent(IReadOnlyList<int> shape, float[] values, ColumnValues? labels = null)
        : this(shape, values?.Length ?? 0, labels)
    {
        ArgumentNullException.ThrowIfNull(values);
        Array = new ArrayData([.. shape], NumberFormat.Single, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>Makes an array of bytes, 0 to 255, such as images.</summary>
    /// <param name="shape">All sizes, the number of samples first.</param>
    /// <param name="values">The values, row-major.</param>
    /// <param name="labels">A label or number for each sample; null where there are none.</param>
    /// <exception cref="ThalwegException">The sizes do not fit the values or the labels.</exception>
    public ArrayContent(IReadOnlyList<int> shape, byte[] values, ColumnValues? labels = null)
        : this(shape, values?.Length ?? 0, labels)
    {
        ArgumentNullException.ThrowIfNull(values);
        Array = new ArrayData([.. shape], NumberFormat.Byte, [.. values]);
    }

    private ArrayContent(IReadOnlyList<int> shape, int length, ColumnValues? labels)
    {
        ArgumentNullException.ThrowIfNull(shape);
        bool fits = shape.Count > 0 && shape.All(size => size > 0) && shape.Aggregate(1L, (product, size) => product * size) == length;
        if (!fits || (labels is not null && labels.Count != shape[0]))
        {
            throw new ThalwegException($"[data] expected sizes above 0 that multiply to the {length} values, and as many labels as samples, "
                + $"got [{string.Join(", ", shape)}] and {labels?.Count.ToString() ?? "no"} labels; give the number of samples first");
        }

        Labels = labels;
        Array = null!;
    }

    internal ArrayData Array { get; }

    internal ColumnValues? Labels { get; }
}
