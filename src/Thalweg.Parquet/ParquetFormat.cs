using Parquet;
using Parquet.Schema;

namespace Thalweg.Data;

/// <summary>Parquet files: tables whose columns are numbers, texts, dates and truth values.</summary>
/// <remarks>
/// Call <see cref="Register"/> once, before the first file is opened; the command does it by itself. Integers of 64 bits and decimals of
/// any precision are exact where they are classes or are exported; as features they are the nearest doubles. Truth values are the texts
/// true and false, timestamps the date and time as they are stored (UTC, where the file says so). Columns of lists, maps, structures, bytes
/// and times of day are refused unless <see cref="DataOptions.IgnoredColumns"/> names them. Tables above
/// <see cref="DataOptions.InMemoryLimit"/> (8 bytes for each cell) go row group by row group into a temporary file. Format: Apache Parquet,
/// github.com/apache/parquet-format.
/// </remarks>
public sealed class ParquetFormat : DataFormat
{
    /// <inheritdoc/>
    public override string Name => "Parquet";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Extensions => [".parquet"];

    /// <summary>Makes the format known, so that <see cref="DataSource.Open"/> and recipes read Parquet files; a second call changes
    /// nothing.</summary>
    public static void Register()
    {
        if (!Registered.Any(format => format is ParquetFormat))
            Register(new ParquetFormat());
    }

    /// <inheritdoc/>
    /// <remarks>By its first bytes; a file that is called .parquet and is none is refused, not read as text.</remarks>
    public override bool Recognizes(string path, ReadOnlySpan<byte> start) =>
        base.Recognizes(path, start)
        || (start.Length > 4 && start[4] < 0x20 && start[4] is not ((byte)'\t' or (byte)'\n' or (byte)'\r')
            && (start.StartsWith("PAR1"u8) || start.StartsWith("PARE"u8)));

    /// <inheritdoc/>
    public override DataContent Read(Stream stream, string path, DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        RefuseOthers(stream, path);
        ParquetReader reader = ParquetErrors.Guard(path, () => Open(stream));
        ParquetColumn[] columns = [.. reader.Schema.Fields.Select(field => ParquetColumn.Of(path, field, options))];
        return new TableContent(Blocks(reader, columns, path)) { Size = 8 * reader.Metadata!.NumRows * columns.Length };
    }

    private static IEnumerable<IReadOnlyList<ColumnValues>> Blocks(ParquetReader reader, ParquetColumn[] columns, string path)
    {
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            int group = i;
            yield return ParquetErrors.Guard<IReadOnlyList<ColumnValues>>(path, () =>
            {
                ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                return [.. columns.Select(column => column.Read(rows))];
            });
        }
    }

    /// <summary>Decimals of more than 28 digits need a type of their own.</summary>
    private static ParquetReader Open(Stream stream)
    {
        const int DecimalDigits = 28;
        ParquetReader reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        if (!reader.Schema.DataFields.Any(field => field is DecimalDataField { Precision: > DecimalDigits }))
            return reader;
        stream.Position = 0;
        return ParquetReader.CreateAsync(stream, new ParquetOptions { UseBigDecimal = true }, leaveStreamOpen: true).GetAwaiter().GetResult();
    }

    private static void RefuseOthers(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[4];
        int length = stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        if (start is [0x1F, 0x8B, ..])
            throw new ThalwegException($"{path}: expected a Parquet file as it is, got one packed by gzip; unpack it first (gunzip)");
        if (start.SequenceEqual("PARE"u8))
            throw new ThalwegException($"{path}: expected a Parquet file, got an encrypted one; write it without encryption");
        if (length < 4 || !start.SequenceEqual("PAR1"u8))
            throw new ThalwegException($"{path}: expected a Parquet file, which begins with PAR1, got another; give it the ending of its format");
    }
}
