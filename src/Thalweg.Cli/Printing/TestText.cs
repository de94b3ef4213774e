using System.Globalization;
using System.Text.Json;
using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>What people are told of figures on test data.</summary>
internal static class TestText
{
    /// <summary>How many models were judged on the rows, what that makes of intervals, and what the index did not take.</summary>
    public static IEnumerable<(string Label, string Text)> Rows(TestReuse reuse, string? indexNote)
    {
        yield return ("models judged", reuse.Models == 1 ? "the first on these rows"
            : Text($"{reuse.Models} on these rows; intervals at {100 * reuse.LevelOfEach():0.##} % hold for all of them at 95 %"));
        if (indexNote is not null)
            yield return ("note", $"not in the index: {indexNote}");
    }

    /// <summary>Writes the same as members of the object that is open.</summary>
    public static void WriteReuse(this Utf8JsonWriter writer, TestReuse reuse, string? indexNote)
    {
        writer.WriteNumber("modelsJudged", reuse.Models);
        if (reuse.Warning is { } warning)
            writer.WriteString("warning", warning);
        if (indexNote is not null)
            writer.WriteString("indexNote", indexNote);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
