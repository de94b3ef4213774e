using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>How data were read, in a few lines.</summary>
internal static class ReadingText
{
    private const int MostNames = 6, MostNotes = 12, MostWords = 3, LongestLine = 88;

    private static readonly (string Kind, string Many)[] s_kinds =
        [("number", "numbers"), ("category", "categories"), ("date", "dates"), ("constant", "constant"), ("text", "texts"), ("id", "ids")];

    /// <summary>Labels and texts, in lines that fit a terminal of 100 columns.</summary>
    /// <param name="reading">How the data were read; null prints nothing.</param>
    /// <param name="notes">What else is to be known.</param>
    public static IEnumerable<(string Label, string Text)> Lines(ReadingReport? reading, IReadOnlyList<DataNote> notes) =>
        All(reading, notes).SelectMany(line => Wrap(line.Text).Select(part => (line.Label, part)));

    private static IEnumerable<(string Label, string Text)> All(ReadingReport? reading, IReadOnlyList<DataNote> notes)
    {
        if (reading is { Encoding: not null })
            yield return ("read as", Layout(reading));
        if (reading is { Columns.Count: > 0 })
        {
            yield return ("columns", Columns(reading.Columns));
            if (Missing(reading.Columns) is { } missing)
                yield return ("missing", missing);
        }

        foreach (DataNote note in notes.Take(MostNotes))
            yield return ("note", NotePrinter.Line(note));
        if (notes.Count > MostNotes)
            yield return ("note", $"and {Figures.Plural(notes.Count - MostNotes, "more note")}, all listed with --json");
    }

    private static string Layout(ReadingReport reading)
    {
        (string Header, string Change) header = reading.HasHeader == true ? ("a header", "--no-header") : ("no header", "--header");
        string group = reading.ThousandsMark is { } mark ? $", groups by {Quote(mark)}" : "";
        return $"{reading.Encoding}, {Separator(reading.Separator)}, {header.Header}, decimal mark {Quote(reading.DecimalMark)}{group} "
            + $"(--encoding, --separator, {header.Change}, --decimal{(group.Length > 0 ? ", --thousands" : "")})";
    }

    /// <summary>Breaks a text at blanks; further lines are indented.</summary>
    private static IEnumerable<string> Wrap(string text)
    {
        string indent = "";
        while (indent.Length + text.Length > LongestLine)
        {
            int end = text.LastIndexOf(' ', LongestLine - indent.Length);
            if (end <= 0)
                break;
            yield return indent + text[..end];
            text = text[(end + 1)..];
            indent = "  ";
        }

        yield return indent + text;
    }

    private static string Columns(IReadOnlyList<ColumnReport> columns)
    {
        IEnumerable<string> used = s_kinds
            .Select(kind => (kind.Many, Count: columns.Count(column => column.Kind == kind.Kind && column.Dropped is null)))
            .Where(kind => kind.Count > 0)
            .Select(kind => $"{Figures.Count(kind.Count)} {kind.Many}");
        string[] dropped = [.. columns.Where(column => column.Dropped is not null).Select(column => $"{column.Name} ({column.Kind})")];
        return $"{Figures.Count(columns.Count)}: {string.Join(", ", used)}, the target"
            + (dropped.Length > 0 ? $"; not used: {Some(dropped)}" : "");
    }

    private static string? Missing(IReadOnlyList<ColumnReport> columns)
    {
        string[] lacking = [.. columns.Where(column => column.Missing > 0).OrderByDescending(column => column.Missing)
            .Select(column => $"{column.Name} {Figures.Count(column.Missing)}{Words(column.MissingWords)}")];
        return lacking.Length == 0 ? null : Some(lacking) + " (--missing names further words)";
    }

    private static string Words(IReadOnlyList<string> words)
    {
        if (words.All(word => word.Length == 0))
            return "";
        IEnumerable<string> first = words.Take(MostWords).Select(word => word.Length == 0 ? "empty" : $"'{word}'");
        return $" as {string.Join(", ", first)}{(words.Count > MostWords ? ", ..." : "")}";
    }

    private static string Some(string[] items) =>
        string.Join(", ", items.Take(MostNames)) + (items.Length > MostNames ? $" and {Figures.Count(items.Length - MostNames)} more" : "");

    private static string Separator(char? separator) => separator switch
    {
        '\t' => "separator tab",
        ' ' => "separator blanks",
        _ => $"separator {Quote(separator)}",
    };

    private static string Quote(char? character) => $"'{character}'";
}
