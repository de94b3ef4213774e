namespace Thalweg.Data;

/// <summary>Finds the layout of a text file by looking at its beginning.</summary>
internal static class LayoutFinder
{
    /// <summary>Finds the layout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is given rather than detected.</param>
    /// <param name="knownNames">Names that a header would hold, where they are known; else null.</param>
    /// <exception cref="ThalwegException">The file is missing, empty, not a text, or does not fit what was given.</exception>
    public static TextLayout Find(string path, DataOptions options, IReadOnlyList<string>? knownNames = null)
    {
        CheckMark(options.Separator, nameof(options.Separator));
        char? comment = options.Comment is '\0' ? null : options.Comment;
        CheckMark(comment, nameof(options.Comment));
        TextEncoding encoding = EncodingFinder.Find(path, options.Encoding, options.MaxSize);
        TextStart start = TextStart.Read(path, encoding.Name, options.MaxSize);
        OtherTexts.Refuse(path, start);
        (char separator, LeadingLines leading) = FindSeparator(path, start, options);
        List<TextRow> rows = start.Rows(path, leading, separator, comment);
        if (rows.Count == 0)
            throw new ThalwegException($"{path}: the file holds no rows; expected a table");
        OtherTexts.RefuseSparse(path, rows, separator);
        if (options.Comment is null && leading.Lines > 0 && leading.Note is null)
        {
            leading = leading.KeepComments(start, separator, rows);
            rows = start.Rows(path, leading, separator, comment);
        }

        TextLayout layout = new()
        {
            Separator = separator,
            Encoding = encoding.Name,
            MaxSize = options.MaxSize,
            Comment = comment,
            Leading = leading,
            Names = [],
            IsNamed = false,
            SkipFirstRow = false,
            Notes = [.. new[] { encoding.Note, leading.Note }.OfType<DataNote>()],
        };
        return options.HasHeader is null && leading.Names is null && IsLineOfCounts(rows)
            ? WithNames(path, WithCounts(layout, rows[0]), options.ColumnNames)
            : WithNames(path, WithColumns(path, layout, rows, options, knownNames), options.ColumnNames);
    }

    /// <summary>Names of columns that have none: c0, c1, ...</summary>
    public static string[] PositionNames(int count) => [.. Enumerable.Range(0, count).Select(index => $"c{index}")];

    /// <summary>The separator, and lines before the table that may be comments.</summary>
    private static (char Separator, LeadingLines Leading) FindSeparator(string path, TextStart start, DataOptions options)
    {
        char? comment = options.Comment is '\0' ? null : options.Comment;
        if (LeadingLines.FindSeparatorLine(start) is { } stated)
            return (options.Separator ?? stated.Separator, stated.Line);
        LeadingLines marked = options.Comment is null ? LeadingLines.FindMarked(start) : LeadingLines.None;
        return (options.Separator ?? SeparatorFinder.Find(path, start, marked, comment), marked);
    }

    private static TextLayout WithColumns(
        string path, TextLayout layout, List<TextRow> rows, DataOptions options, IReadOnlyList<string>? knownNames)
    {
        (bool isHeader, DataNote? note) = options.HasHeader is { } specified ? (specified, null)
            : layout.Leading.Names is not null ? (false, null)
            : HeaderFinder.Find(rows, knownNames);
        if (isHeader && rows.Count == 1)
            throw new ThalwegException($"{path}: the file holds a header and no data rows");
        RowShape.Specified columns = new(options.ColumnNames?.Count, isHeader ? null : knownNames?.Count);
        RowShape shape = RowShape.Find(path, rows, isHeader, columns);
        string[]? names = isHeader ? rows[0].Cells[..shape.Columns] : layout.Leading.Names;
        return layout with
        {
            Names = names is null ? PositionNames(shape.Columns) : HeaderFinder.Unique(names),
            IsNamed = names is not null,
            HasHeader = names is not null,
            SkipFirstRow = isHeader,
            HasIndex = shape.HasIndex,
            HasTrailingSeparator = shape.HasTrailingSeparator,
            Notes = [.. layout.Notes, .. new[] { note, shape.Note }.OfType<DataNote>()],
        };
    }

    /// <summary>Whether the first row reads: number of rows, number of features, names of the classes.</summary>
    private static bool IsLineOfCounts(List<TextRow> rows)
    {
        string[] first = rows[0].Cells;
        return rows.Count > 1 && first.Length >= 4
            && long.TryParse(first[0], out long count) && count > 0
            && int.TryParse(first[1], out int features) && features + 1 == rows[1].Cells.Length
            && first.Skip(2).All(name => !CellText.TryNumber(name, out _))
            && rows[1].Cells.Skip(2).All(cell => CellText.TryNumber(cell, out _));
    }

    private static TextLayout WithCounts(TextLayout layout, TextRow first) => layout with
    {
        Names = PositionNames(int.Parse(first.Cells[1], System.Globalization.CultureInfo.InvariantCulture) + 1),
        SkipFirstRow = true,
        StatedRows = long.Parse(first.Cells[0], System.Globalization.CultureInfo.InvariantCulture),
        ClassNames = first.Cells[2..],
        Notes = [.. layout.Notes, new DataNote(
            "header", $"line {first.Line} states the numbers of rows and features and names the classes", nameof(DataOptions.HasHeader))],
    };

    private static TextLayout WithNames(string path, TextLayout layout, IReadOnlyList<string>? names)
    {
        if (names is null)
            return layout;
        if (names.Count != layout.ColumnCount)
        {
            throw new ThalwegException($"{path}: {names.Count} column names were given, but the file has {layout.ColumnCount} columns; "
                + "name every column, in order");
        }

        return layout with { Names = HeaderFinder.Unique(names), IsNamed = true };
    }

    /// <summary>Refuses a mark that cannot be distinguished from text.</summary>
    private static void CheckMark(char? mark, string option)
    {
        if (mark is { } character
            && (!char.IsAscii(character) || char.IsAsciiLetterOrDigit(character) || character is '"' or '\r' or '\n' or '\0'))
        {
            throw new ThalwegException($"DataOptions.{option}: expected one character of ASCII, no letter, digit, quote or line break, "
                + $"got {CellText.Quote(mark.ToString()!)}; give another");
        }
    }
}
