using System.Text;

namespace Thalweg.Data;

/// <summary>Finds the layout of a text file by looking at its beginning.</summary>
internal static class LayoutFinder
{
    private const int PrefixBytes = 1 << 18;
    private const int RowsToLookAt = 400;

    /// <summary>Finds the layout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is told rather than found.</param>
    /// <param name="knownNames">Names that a header would hold, where they are known; else null.</param>
    /// <exception cref="ThalwegException">The file is missing, empty, not a text, or does not fit what was told.</exception>
    public static TextLayout Find(string path, DataOptions options, IReadOnlyList<string>? knownNames = null)
    {
        byte[] prefix = ReadPrefix(path, out bool whole);
        string[] lines = Encoding.UTF8.GetString(prefix).TrimStart('\uFEFF').Split('\n', StringSplitOptions.TrimEntries);
        string? comment = lines.FirstOrDefault(line => line.Length > 0) is { } first && first.StartsWith('#') ? first : null;
        string[] rowsAsText = [.. lines.Where(line => line.Length > 0 && !(comment is not null && line.StartsWith('#')))];
        char separator = options.Separator ?? SeparatorFinder.Find(rowsAsText);
        List<string[]> rows = ParseRows(path, whole, prefix, separator, comment is not null);
        if (rows.Count == 0)
            throw new ThalwegException($"{path}: the file holds no rows; expected a table");

        TextLayout layout = new()
        {
            Separator = separator,
            Names = PositionNames(rows[0].Length),
            IsNamed = false,
            SkipFirstRow = false,
            HasComments = comment is not null,
        };
        layout = WithHeader(path, layout, rows, options, knownNames);
        if (!layout.IsNamed && comment is not null)
            layout = WithCommentNames(layout, comment);
        return options.ColumnNames is { } names ? WithNames(path, layout, names) : layout;
    }

    /// <summary>Names of columns that have none: c0, c1, ...</summary>
    public static string[] PositionNames(int count) => [.. Enumerable.Range(0, count).Select(index => $"c{index}")];

    private static byte[] ReadPrefix(string path, out bool whole)
    {
        byte[] prefix = SourceFile.ReadPrefix(path, PrefixBytes, out whole);
        if (prefix.AsSpan().Contains((byte)0))
            throw new ThalwegException($"{path}: this is not a text in UTF-8 (it holds zero bytes); expected CSV, IDX, .npy, "
                + ".npz or a directory of IDX files");
        if (whole)
            return prefix;

        // The last line is cut by the limit: look at whole lines only, unless there is none.
        int end = prefix.AsSpan().LastIndexOf((byte)'\n');
        return end > 0 ? prefix[..(end + 1)] : prefix;
    }

    private static List<string[]> ParseRows(string path, bool whole, byte[] prefix, char separator, bool hasComments)
    {
        List<string[]> rows = [];
        using RowReader reader = new(path, new MemoryStream(prefix), separator, hasComments);
        try
        {
            while (rows.Count < RowsToLookAt && reader.Read())
            {
                string[] cells = new string[reader.Count];
                for (int i = 0; i < cells.Length; i++)
                    cells[i] = Encoding.UTF8.GetString(reader[i]);
                rows.Add(cells);
            }
        }
        catch (ThalwegException) when (!whole && rows.Count > 1)
        {
            // The beginning may end inside a quoted cell of several lines: the rows before it suffice.
        }

        return rows;
    }

    private static TextLayout WithHeader(
        string path, TextLayout layout, List<string[]> rows, DataOptions options, IReadOnlyList<string>? knownNames)
    {
        if (options.HasHeader is null && IsLineOfCounts(rows))
        {
            int columns = int.Parse(rows[0][1], System.Globalization.CultureInfo.InvariantCulture) + 1;
            return layout with
            {
                Names = PositionNames(columns),
                SkipFirstRow = true,
                StatedRows = long.Parse(rows[0][0], System.Globalization.CultureInfo.InvariantCulture),
                ClassNames = rows[0][2..],
            };
        }

        if (!(options.HasHeader ?? HeaderFinder.HasHeader(rows, knownNames)))
            return layout;
        if (rows.Count == 1)
            throw new ThalwegException($"{path}: the file holds a header and no data rows");
        return layout with { Names = HeaderFinder.Unique(rows[0]), IsNamed = true, SkipFirstRow = true, HasHeader = true };
    }

    /// <summary>Whether the first row reads: number of rows, number of features, names of the classes.</summary>
    private static bool IsLineOfCounts(List<string[]> rows)
    {
        string[] first = rows[0];
        return rows.Count > 1 && first.Length >= 4
            && long.TryParse(first[0], out long count) && count > 0
            && int.TryParse(first[1], out int features) && features + 1 == rows[1].Length
            && first.Skip(2).All(name => !CellText.TryNumber(name, out _))
            && rows[1].Skip(2).All(cell => CellText.TryNumber(cell, out _));
    }

    private static TextLayout WithCommentNames(TextLayout layout, string comment)
    {
        char separator = comment.Contains(',', StringComparison.Ordinal) ? ',' : layout.Separator;
        string[] names = comment.TrimStart('#').Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == layout.ColumnCount ? layout with { Names = HeaderFinder.Unique(names), IsNamed = true } : layout;
    }

    private static TextLayout WithNames(string path, TextLayout layout, IReadOnlyList<string> names)
    {
        if (names.Count != layout.ColumnCount)
        {
            throw new ThalwegException($"{path}: {names.Count} column names were given, but the file has {layout.ColumnCount} columns; "
                + "name every column, in order");
        }

        string[] unique = HeaderFinder.Unique(names);
        return layout with { Names = unique, IsNamed = true };
    }
}
