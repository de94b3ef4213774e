using System.Text;

namespace Thalweg.Data;

/// <summary>Lines before the table that hold none of it: comments as NumPy, R and gnuplot write them, or a line that
/// names the separator.</summary>
/// <param name="Bytes">Bytes to pass over.</param>
/// <param name="Lines">Lines to pass over.</param>
internal sealed record LeadingLines(int Bytes, int Lines)
{
    private static readonly string[] s_marks = ["#", "%", "//"];

    /// <summary>No lines.</summary>
    public static LeadingLines None { get; } = new(0, 0);

    /// <summary>Names of the columns from the last of the lines; null where it has none.</summary>
    public string[]? Names { get; init; }

    /// <summary>What is to be known about the lines.</summary>
    public DataNote? Note { get; init; }

    /// <summary>A separator that the first line states, as Excel reads it: sep=; and nothing else.</summary>
    /// <returns>The separator and the line that holds it; null where there is none.</returns>
    public static (char Separator, LeadingLines Line)? FindSeparatorLine(TextStart start)
    {
        int from = MarkBytes(start.Bytes);
        string line = LineAt(start.Bytes, from, out int end);
        string stated = line.Trim('"');
        bool isStated = stated.Length == 5 && stated.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)
            && char.IsAscii(stated[4]) && !char.IsAsciiLetterOrDigit(stated[4]);
        if (!isStated)
            return null;
        DataNote note = new("skipped", $"line 1 states the separator: {CellText.Quote(line)}", nameof(DataOptions.Separator));
        return (stated[4], new LeadingLines(end, 1) { Note = note });
    }

    /// <summary>All lines at the beginning that start with one mark of comments, whatever they are.</summary>
    public static LeadingLines FindMarked(TextStart start)
    {
        int at = MarkBytes(start.Bytes), lines = 0;
        string? mark = s_marks.FirstOrDefault(mark => start.Bytes.AsSpan(at).StartsWith(Encoding.UTF8.GetBytes(mark)));
        while (mark is not null && at < start.Bytes.Length && start.Bytes.AsSpan(at).StartsWith(Encoding.UTF8.GetBytes(mark)))
        {
            string line = LineAt(start.Bytes, at, out int next);

            // A quote that continues in the next line belongs to a row.
            if (line.Count(character => character == '"') % 2 != 0)
                break;
            (at, lines) = (next, lines + 1);
        }

        // A table of nothing but such lines has values that begin with the mark.
        return lines == 0 || start.Bytes.AsSpan(at).Trim(" \t\r\n"u8).IsEmpty ? None : new LeadingLines(at, lines);
    }

    /// <summary>Of the marked lines those that are comments: a line with as many cells as the rows below may be one of them.</summary>
    /// <param name="start">The beginning of the text.</param>
    /// <param name="separator">Its separator.</param>
    /// <param name="below">The rows below the marked lines.</param>
    public LeadingLines KeepComments(TextStart start, char separator, List<TextRow> below)
    {
        int width = RowShape.MostCommonCount(below);
        List<string> lines = LinesOf(start.Bytes);
        string last = lines[^1];
        if (lines.All(line => Split(line, separator).Length == width))
        {
            // A single line that starts with '# ' and continues with names is a header; only its mark is no part of the first name.
            return lines is [['#' or '%', ' ', ..]] && NamesIn(last, separator, width) is { } cells
                && HeaderFinder.Find([new TextRow(cells, 1), .. below], null).HasHeader ? WithNames(last, cells) : None;
        }

        string[]? names = NamesIn(last, ',', width) ?? NamesIn(last, separator, width) ?? NamesIn(last, '\t', width);
        if (names is not null)
            return WithNames(last, names);
        string what = $"{LinesInWords(Lines)}, before the table, skipped as a comment: {CellText.Quote(lines[0])}";
        return this with { Note = SkippedNote(what) };
    }

    /// <summary>Passes over the lines.</summary>
    public void Skip(Stream stream)
    {
        if (stream.CanSeek)
            stream.Position = Bytes;
        else
            stream.ReadExactly(new byte[Bytes]);
    }

    private LeadingLines WithNames(string line, string[] names) => this with
    {
        Names = names,
        Note = SkippedNote($"{LinesInWords(Lines)}, a comment, names the columns: {CellText.Quote(line)}"),
    };

    private static string LinesInWords(int lines) => lines == 1 ? "line 1" : $"lines 1 to {lines}";

    private static DataNote SkippedNote(string text) => new("skipped", text, nameof(DataOptions.Comment));

    private List<string> LinesOf(byte[] bytes)
    {
        List<string> lines = [];
        for (int at = MarkBytes(bytes); at < Bytes;)
            lines.Add(LineAt(bytes, at, out at).Trim());
        return lines;
    }

    /// <summary>The names behind the mark of a line; null where they are not as many as the columns, or are numbers.</summary>
    private static string[]? NamesIn(string line, char separator, int width)
    {
        string[] names = Split(line.TrimStart('#', '%', '/'), separator);
        return names.Length == width && !names.Any(NumberGuess.IsLikely) ? names : null;
    }

    private static string[] Split(string line, char separator) =>
    [
        .. line.Split(separator, separator == ' ' ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None)
            .Select(cell => cell.Trim().Trim('"')),
    ];

    private static int MarkBytes(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    /// <summary>The line that begins at a byte.</summary>
    private static string LineAt(ReadOnlySpan<byte> bytes, int at, out int next)
    {
        int length = bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
        int end = length < 0 ? bytes.Length : at + length;
        next = end == bytes.Length ? end : bytes[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;
        return Encoding.UTF8.GetString(bytes[at..end]);
    }
}
