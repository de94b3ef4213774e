using System.Globalization;
using System.Text.Json;
using Thalweg.Data;
using Thalweg.Metrics;

namespace Thalweg.Cli.Printing;

/// <summary>What people are told of figures on test data.</summary>
internal static class TestText
{
    /// <summary>The interval of the figure, how many models it holds for, and what the index did not take.</summary>
    public static IEnumerable<(string Label, string Text)> Rows(TestReuse reuse, Evaluation figures, string? indexNote)
    {
        if (reuse.IntervalOf(figures) is var (low, high))
            yield return ("95 % interval", Text($"{100 * low:0.00} % to {100 * high:0.00} %, ") + Models(reuse.Models));
        else
            yield return ("models judged", Text($"{reuse.Models} on these rows"));
        if (indexNote is not null)
            yield return ("note", $"not in the index: {indexNote}");
    }

    /// <summary>Writes the same as members of the object that is open.</summary>
    public static void WriteReuse(this Utf8JsonWriter writer, TestReuse reuse, Evaluation figures, string? indexNote)
    {
        writer.WriteNumber("modelsJudged", reuse.Models);
        if (reuse.IntervalOf(figures) is var (low, high))
        {
            writer.WriteStartObject("interval");
            writer.WriteFigure("low", low);
            writer.WriteFigure("high", high);
            writer.WriteEndObject();
        }

        if (reuse.Warning is { } warning)
            writer.WriteString("warning", warning);
        if (indexNote is not null)
            writer.WriteString("indexNote", indexNote);
    }

    private static string Models(int count) => count == 1 ? "the first model that is judged on these rows"
        : Text($"which holds for all {count} models judged on these rows");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
