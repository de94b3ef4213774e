using System.Globalization;
using System.Text.Json;
using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>Tells what a data source holds.</summary>
internal static class DataPrinter
{
    private const int MostColumns = 60, FirstColumns = 20, LongestName = 24, LongestSummary = 36;

    /// <summary>Prints the description.</summary>
    /// <param name="data">The description.</param>
    /// <param name="json">Whether as JSON.</param>
    public static void Print(DataDescription data, bool json)
    {
        if (json)
        {
            JsonOutput.Write(writer => Write(writer, data));
            return;
        }

        PlainTable.Write(Overview(data));
        if (data.Columns.Count == 0)
            return;
        Console.Out.WriteLine();
        IReadOnlyList<int> shown = Shown(data);
        PlainTable.Write(
        [
            ["", "column", "read as", "missing", "distinct", "values"],
            .. shown.Select(index => Row(data.Columns[index], data.Reading.Columns[index])),
        ]);
        if (shown.Count < data.Columns.Count)
            Console.Out.WriteLine($"and {Figures.Count(data.Columns.Count - shown.Count)} more columns, all listed with --json");
    }

    /// <summary>All columns of a narrow table; of a wide one the first, and the target.</summary>
    private static IReadOnlyList<int> Shown(DataDescription data)
    {
        int target = data.Reading.Columns.ToList().FindIndex(column => column.Kind == "target");
        int[] all = [.. Enumerable.Range(0, data.Columns.Count)];
        return all.Length <= MostColumns ? all : [.. all.Where(index => index < FirstColumns || index == target)];
    }

    private static string[] Row(ColumnDescription column, ColumnReport report) =>
    [
        column.Index.ToString(CultureInfo.InvariantCulture), Short(column.Name, LongestName),
        report.Dropped is null ? report.Kind : $"{report.Kind}, not used",
        Figures.Count(column.Missing), Figures.Count(column.Distinct), Short(column.Summary, LongestSummary),
    ];

    private static string Short(string text, int longest)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, longest - 3), "...");
    }

    private static IEnumerable<(string Label, string Text)> Overview(DataDescription data)
    {
        yield return ("data", $"{data.Name} ({data.Kind})");
        yield return ("rows", Figures.Count(data.Rows) + (data.TestRows > 0 ? $", and {Figures.Count(data.TestRows)} for the test" : ""));
        if (data.ItemShape.Count > 0)
            yield return ("item", $"[{string.Join(", ", data.ItemShape)}]");
        string kind = !data.Task.HasClasses ? "a number (regression)" : $"{data.Classes.Count} classes (classification)";
        yield return ("target", $"'{data.Target}', {kind}");
        foreach (ClassDescription item in data.Classes.Take(20))
            yield return ("classes", $"{item.Name}: {Figures.Count(item.Rows)}");
        if (data.Classes.Count > 20)
            yield return ("classes", $"and {data.Classes.Count - 20} more");
        foreach ((string Label, string Text) line in ReadingText.Lines(data.Reading, data.Notes))
            yield return line;
    }

    private static void Write(Utf8JsonWriter writer, DataDescription data)
    {
        writer.WriteString("name", data.Name);
        writer.WriteString("kind", data.Kind);
        writer.WriteNumber("rows", data.Rows);
        writer.WriteNumber("testRows", data.TestRows);
        writer.WriteStartArray("itemShape");
        foreach (int size in data.ItemShape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteString("target", data.Target);
        writer.WriteString("task", data.Task.Name);
        writer.WriteObjects("columns", data.Columns, column =>
        {
            writer.WriteNumber("index", column.Index);
            writer.WriteString("name", column.Name);
            writer.WriteString("role", column.Role);
            writer.WriteNumber("missing", column.Missing);
            writer.WriteNumber("distinct", column.Distinct);
            writer.WriteString("values", column.Summary);
        });
        writer.WriteObjects("classes", data.Classes, item =>
        {
            writer.WriteString("name", item.Name);
            writer.WriteNumber("rows", item.Rows);
        });
        writer.WriteNotes(data.Notes);
        writer.WriteReading(data.Reading);
    }
}
