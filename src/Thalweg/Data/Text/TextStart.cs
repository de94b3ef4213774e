namespace Thalweg.Data;

/// <summary>A row of the beginning of a text.</summary>
/// <param name="Cells">Its cells.</param>
/// <param name="Line">1-based line on which it begins.</param>
internal sealed record TextRow(string[] Cells, long Line);

/// <summary>The beginning of a text in UTF-8: as many bytes as hold enough rows to find the layout by.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsWhole">Whether they are the whole text.</param>
internal sealed record TextStart(byte[] Bytes, bool IsWhole)
{
    private const int FewestBytes = 1 << 18, MostBytes = 1 << 26, EnoughBytes = 1 << 24;
    private const int EnoughLines = 20, FewestRows = 3;

    /// <summary>Rows to find a header by.</summary>
    private const int RowsToInspect = 400, FewestRowsToInspect = 20, CellsToInspect = 1 << 16;

    /// <summary>Rows to find the separator by.</summary>
    private const int RowsToCount = 100;

    /// <summary>Reads the beginning of a file: 256 KiB, more where its rows are longer.</summary>
    public static TextStart Read(string path, string encoding, long maxSize)
    {
        using Stream stream = SourceFile.OpenText(path, encoding, maxSize);
        byte[] bytes = new byte[FewestBytes];
        int length = 0;
        while (true)
        {
            length += stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            if (length < bytes.Length)
                return new TextStart(bytes[..length], IsWhole: true);
            if (length >= MostBytes || HoldsEnough(bytes))
                return new TextStart(bytes, IsWhole: false);
            Array.Resize(ref bytes, 4 * length);
        }
    }

    /// <summary>The first rows, as they are separated by a separator.</summary>
    public List<TextRow> Rows(string path, LeadingLines leading, char separator, char? comment)
    {
        List<TextRow> rows = [];
        long cells = 0;
        ForEachRow(path, leading, (separator, comment), reader =>
        {
            string[] texts = new string[reader.Count];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = System.Text.Encoding.UTF8.GetString(reader[i]);
            rows.Add(new TextRow(texts, reader.Line));
            cells += texts.Length;
            return rows.Count < RowsToInspect && (rows.Count < FewestRowsToInspect || cells < CellsToInspect);
        });
        return rows;
    }

    /// <summary>Numbers of cells of the first rows, up to one in which a quote is never closed, and the part of all these cells
    /// that are numbers.</summary>
    public (List<int> Counts, double ShareOfNumbers) CountCells(string path, LeadingLines leading, char separator, char? comment)
    {
        List<int> counts = [];
        long cells = 0, numbers = 0;
        try
        {
            ForEachRow(path, leading, (separator, comment), Count);
        }
        catch (ThalwegException)
        {
            // Another separator may close the quote; reading reports it where none does.
        }

        return (counts, cells == 0 ? 0 : (double)numbers / cells);

        bool Count(RowReader reader)
        {
            counts.Add(reader.Count);
            for (int i = 0; i < reader.Count; i++)
                numbers += NumberGuess.IsLikely(reader[i]) ? 1 : 0;
            cells += reader.Count;
            return counts.Count < RowsToCount && (counts.Count < FewestRowsToInspect || cells < CellsToInspect);
        }
    }

    /// <summary>Whether the bytes hold rows enough: twenty lines, and three rows, which may have several lines in quotes.</summary>
    private static bool HoldsEnough(ReadOnlySpan<byte> bytes)
    {
        int lines = 0, rows = 0;
        bool isQuoted = false;
        while (bytes.IndexOfAny((byte)'\n', (byte)'\r', (byte)'"') is >= 0 and int at)
        {
            if (bytes[at] == '"')
                isQuoted = !isQuoted;
            else
                (lines, rows) = (lines + 1, isQuoted ? rows : rows + 1);
            if (lines >= EnoughLines && rows >= FewestRows)
                return true;
            bytes = bytes[(at + 1)..];
        }

        return lines >= EnoughLines && bytes.Length >= EnoughBytes;
    }

    /// <summary>Goes through the rows as long as is wanted. The last one is left out where it may be cut.</summary>
    private void ForEachRow(string path, LeadingLines leading, (char Separator, char? Comment) how, Func<RowReader, bool> goOn)
    {
        int whole = IsWhole ? int.MaxValue : WholeRows(path, leading, how);
        using RowReader reader = RowReader.Over(path, this, leading, how.Separator, how.Comment);
        for (int row = 0; row < whole && reader.Read(); row++)
        {
            if (!goOn(reader))
                return;
        }
    }

    /// <summary>Number of rows that end before the bytes do, as far as they are looked at.</summary>
    private int WholeRows(string path, LeadingLines leading, (char Separator, char? Comment) how)
    {
        using RowReader reader = RowReader.Over(path, this, leading, how.Separator, how.Comment);
        int rows = 0;
        try
        {
            while (rows <= RowsToInspect && reader.Read())
                rows++;
        }
        catch (ThalwegException) when (rows > 0)
        {
            // The bytes end inside a quoted cell, whose row is not counted.
            return rows;
        }

        return rows > RowsToInspect ? rows : Math.Max(1, rows - 1);
    }
}
