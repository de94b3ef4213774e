namespace Thalweg.Cli.Printing;

/// <summary>Rows of text in columns.</summary>
internal static class PlainTable
{
    /// <summary>Writes labels and texts in two columns; a label that repeats is written once.</summary>
    public static void Write(IEnumerable<(string Label, string Text)> rows)
    {
        (string Label, string Text)[] all = [.. rows];
        int width = all.Max(row => row.Label.Length);
        string last = "";
        foreach ((string label, string text) in all)
        {
            Console.Out.WriteLine($"{(label == last ? "" : label).PadRight(width)}  {text}");
            last = label;
        }
    }

    /// <summary>Writes rows of cells, each column as wide as its widest cell.</summary>
    public static void Write(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
