using System.Text.Json;
using Thalweg.Cli.Options;
using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>Tells what is to be known of how data were read.</summary>
internal static class NotePrinter
{
    /// <summary>A note in one line, with the option that changes it.</summary>
    public static string Line(DataNote note) =>
        FlagNames.In(note.Text) + (note.Option is { } option ? $" ({FlagNames.OfProperty(option)} changes that)" : "");

    /// <summary>Writes notes on the error output, a line each.</summary>
    public static void WriteErrors(IEnumerable<DataNote> notes)
    {
        foreach (DataNote note in notes)
            Console.Error.WriteLine($"note: {Line(note).ReplaceLineEndings(" ")}");
    }

    /// <summary>Writes notes as a member of the object that is open.</summary>
    public static void WriteNotes(this Utf8JsonWriter writer, IEnumerable<DataNote> notes) => writer.WriteObjects("notes", notes, note =>
    {
        writer.WriteString("kind", note.Kind);
        writer.WriteString("text", FlagNames.In(note.Text));
        if (note.Option is { } option)
            writer.WriteString("option", FlagNames.OfProperty(option));
    });

    /// <summary>Writes how data were read as a member of the object that is open.</summary>
    public static void WriteReading(this Utf8JsonWriter writer, ReadingReport? reading)
    {
        if (reading is null)
            return;
        writer.WriteStartObject("reading");
        writer.WriteString("format", reading.Format);
        if (reading.Encoding is not null)
        {
            writer.WriteString("encoding", reading.Encoding);
            writer.WriteString("separator", reading.Separator?.ToString());
            writer.WriteString("decimal", reading.DecimalMark?.ToString());
            writer.WriteString("thousands", reading.ThousandsMark?.ToString());
            writer.WriteBoolean("header", reading.HasHeader == true);
        }

        writer.WriteNumber("rows", reading.Rows);
        writer.WriteObjects("columns", reading.Columns, column =>
        {
            writer.WriteString("name", column.Name);
            writer.WriteString("kind", column.Kind);
            writer.WriteNumber("missing", column.Missing);
            if (column.MissingWords.Count > 0)
                writer.WriteTexts("missingWords", column.MissingWords);
            if (column.Dropped is not null)
                writer.WriteString("dropped", column.Dropped);
            if (column.Option is { } option)
                writer.WriteString("option", FlagNames.OfProperty(option));
        });
        writer.WriteEndObject();
    }
}
