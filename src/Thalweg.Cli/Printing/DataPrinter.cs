using System.Globalization;
using System.Text.Json;
using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>Tells what a data source holds.</summary>
internal static class DataPrinter
{
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
        PlainTable.Write(
        [
            ["", "column", "role", "missing", "distinct", "values"],
            .. data.Columns.Select(column => new[]
            {
                column.Index.ToString(CultureInfo.InvariantCulture), column.Name, column.Role,
                Figures.Count(column.Missing), Figures.Count(column.Distinct), column.Summary,
            }),
        ]);
    }

    private static IEnumerable<(string Label, string Text)> Overview(DataDescription data)
    {
        yield return ("data", $"{data.Name} ({data.Kind})");
        yield return ("rows", Figures.Count(data.Rows) + (data.TestRows > 0 ? $", and {Figures.Count(data.TestRows)} for the test" : ""));
        if (data.ItemShape.Count > 0)
            yield return ("item", $"[{string.Join(", ", data.ItemShape)}]");
        string kind = data.Task == TaskKind.Regression ? "a number (regression)" : $"{data.Classes.Count} classes (classification)";
        yield return ("target", $"'{data.Target}', {kind}");
        foreach (ClassDescription item in data.Classes.Take(20))
            yield return ("classes", $"{item.Name}: {Figures.Count(item.Rows)}");
        if (data.Classes.Count > 20)
            yield return ("classes", $"and {data.Classes.Count - 20} more");
        foreach (string note in data.Notes)
            yield return ("note", note);
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
        writer.WriteString("task", data.Task.ToString().ToLowerInvariant());
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
        writer.WriteTexts("notes", data.Notes);
    }
}
