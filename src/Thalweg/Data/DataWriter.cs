using System.Buffers.Binary;
using System.Globalization;

namespace Thalweg.Data;

/// <summary>Writes raw rows in common formats.</summary>
internal static class DataWriter
{
    private const int RowsAtOnce = 4096;

    /// <summary>Writes CSV with a header; missing values stay empty, texts are quoted where they must be.</summary>
    public static void WriteTable(TextWriter writer, ITable table, ReadOnlySpan<int> rows)
    {
        WriteRow(writer, table.Names, name => name);
        ITable chosen = table.Select(rows.ToArray());
        for (int start = 0; start < chosen.Count; start += RowsAtOnce)
        {
            Table block = chosen.Block(start, Math.Min(RowsAtOnce, chosen.Count - start));
            for (int row = 0; row < block.Count; row++)
                WriteRow(writer, block.Columns, column => column.TextOf(row));
        }
    }

    /// <summary>Writes the items of an array as CSV with the header x0, x1, ..., label.</summary>
    public static void WriteItems(TextWriter writer, ArrayData items, TableColumn labels, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < items.Width; i++)
            writer.Write($"x{i},");
        writer.Write("label\n");
        foreach (int row in rows)
        {
            if (items.Format.IsWideInteger)
                WriteIntegers(writer, items, row);
            else
                WriteNumbers(writer, items, row);
            WriteCell(writer, labels.TextOf(row));
            writer.Write('\n');
        }
    }

    /// <summary>Writes images as IDX: type 0x08, `[rows, height, width]` or whatever shape they have.</summary>
    public static void WriteImages(Stream stream, ArrayData images, ReadOnlySpan<int> rows)
    {
        WriteHeader(stream, [rows.Length, .. images.Shape.AsSpan(1)]);
        foreach (int row in rows)
            stream.Write(images.Raw(row, 1));
    }

    /// <summary>Writes class numbers as IDX: type 0x08, `[rows]`.</summary>
    public static void WriteLabels(Stream stream, int[] labels, ReadOnlySpan<int> rows)
    {
        WriteHeader(stream, [rows.Length]);
        foreach (int row in rows)
            stream.WriteByte((byte)labels[row]);
    }

    private static void WriteNumbers(TextWriter writer, ArrayData items, int row)
    {
        double[] numbers = new double[items.Width];
        items.Numbers(row, 1, numbers);
        foreach (double value in numbers)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{value:R},"));
    }

    private static void WriteIntegers(TextWriter writer, ArrayData items, int row)
    {
        long[] bits = new long[items.Width];
        items.Format.ReadWide(items.Raw(row, 1), bits);
        foreach (long value in bits)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{(items.Format.Kind == 'u' ? (Int128)(ulong)value : value)},"));
    }

    private static void WriteHeader(Stream stream, int[] shape)
    {
        Span<byte> header = stackalloc byte[4 + (4 * shape.Length)];
        header[2] = 0x08;
        header[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header[(4 + (4 * i))..], shape[i]);
        stream.Write(header);
    }

    private static void WriteRow<T>(TextWriter writer, T[] columns, Func<T, string> text)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                writer.Write(',');
            WriteCell(writer, text(columns[i]));
        }

        writer.Write('\n');
    }

    private static void WriteCell(TextWriter writer, string text)
    {
        if (text.AsSpan().IndexOfAny(",;\t\"\r\n#") < 0)
            writer.Write(text);
        else
            writer.Write($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }
}
