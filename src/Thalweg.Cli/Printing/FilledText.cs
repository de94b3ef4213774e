namespace Thalweg.Cli.Printing;

/// <summary>Text filled into lines that fit a terminal.</summary>
internal static class FilledText
{
    /// <summary>Most columns of a line.</summary>
    public const int Widest = 100;
    private const int Narrowest = 60;

    /// <summary>A label longer than this stands on a line of its own.</summary>
    private const int MostLabel = 26;
    private const string Indent = "  ";

    /// <summary>Columns of the terminal, as far as they are used.</summary>
    public static int Columns => Console.IsOutputRedirected ? Widest : Math.Clamp(Console.WindowWidth - 1, Narrowest, Widest);

    /// <summary>Paragraphs with an empty line between them; lines within one are filled anew.</summary>
    public static IEnumerable<string> Paragraphs(string text, int width)
    {
        bool isFirst = true;
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            if (!isFirst)
                yield return "";
            isFirst = false;
            foreach (string line in Wrap(paragraph.Replace('\n', ' '), width))
                yield return line;
        }
    }

    /// <summary>Labels with texts beside them, each text filled.</summary>
    public static IEnumerable<string> Rows(IReadOnlyList<(string Label, string Text)> rows, int width)
    {
        int labelWidth = Math.Min(MostLabel, rows.Max(row => row.Label.Length));
        return rows.SelectMany(row => Row(row.Label, row.Text, labelWidth, width));
    }

    private static IEnumerable<string> Row(string label, string text, int labelWidth, int width)
    {
        string margin = new(' ', Indent.Length + labelWidth + Indent.Length);
        bool isAlone = label.Length > labelWidth;
        if (isAlone)
        {
            foreach (string part in Cut(label, width - Indent.Length))
                yield return Indent + part;
        }

        foreach ((int index, string line) in Wrap(text, width - margin.Length).Index())
            yield return (index == 0 && !isAlone ? $"{Indent}{label.PadRight(labelWidth)}{Indent}{line}" : margin + line).TrimEnd();
    }

    private static IEnumerable<string> Cut(string label, int width)
    {
        string rest = label;
        while (rest.Length > width)
        {
            int cut = rest.LastIndexOfAny(['|', ',', ' '], width - 1) + 1;
            cut = cut > Indent.Length ? cut : width;
            yield return rest[..cut];
            rest = $"{Indent}{rest[cut..]}";
        }

        yield return rest;
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length > 0 ? $"{line} {word}" : word;
            }
        }

        yield return line;
    }
}
