using System.Text.Encodings.Web;
using System.Text.Json;
using Thalweg.Metrics;

namespace Thalweg.Cli.Printing;

/// <summary>JSON on the standard output: one object, one line.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object and a line end, and sends it off.</summary>
    /// <param name="members">Writes the members.</param>
    public static void Write(Action<Utf8JsonWriter> members)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line, s_options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        using Stream output = StandardOutput.Open();
        output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
    }

    /// <summary>Writes a number, or null where JSON has none for it.</summary>
    public static void WriteFigure(this Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    /// <summary>Writes the figures of an evaluation as an object.</summary>
    public static void WriteEvaluation(this Utf8JsonWriter writer, string name, Evaluation evaluation)
    {
        writer.WriteStartObject(name);
        writer.WriteFigures(evaluation);
        writer.WriteEndObject();
    }

    /// <summary>Writes the figures of an evaluation as members of the object that is open.</summary>
    public static void WriteFigures(this Utf8JsonWriter writer, Evaluation evaluation)
    {
        writer.WriteNumber("samples", evaluation.Samples);
        writer.WriteFigure("loss", evaluation.Loss);
        if (evaluation.Task.HasClasses)
        {
            writer.WriteFigure("accuracy", evaluation.Accuracy);
            return;
        }

        writer.WriteFigure("r2", evaluation.R2);
        writer.WriteFigure("rootMeanSquaredError", evaluation.RootMeanSquaredError);
        writer.WriteFigure("meanAbsoluteError", evaluation.MeanAbsoluteError);
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Writes an array of objects.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
