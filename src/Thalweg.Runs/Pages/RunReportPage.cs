using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Thalweg.Checkpoints;

namespace Thalweg.Runs;

/// <summary>The report of a run as one HTML page that needs nothing else. Texts and tables are there without JavaScript; the charts are
/// drawn by it.</summary>
public static class RunReportPage
{
    /// <summary>Name of the file in the folder of a run.</summary>
    public const string FileName = "report.html";

    private const string BodyPosition = "<!--thalweg-body-->", DataPosition = "\"thalweg-data\"", TitlePosition = "<!--thalweg-title-->";

    /// <summary>Whether the charts were built into this assembly, which takes Node.js at build time.</summary>
    public static bool HasCharts => typeof(RunReportPage).Assembly.GetManifestResourceInfo(FileName) is not null;

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="report">What it shows.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public static void Write(string path, RunReport report) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Make(report, HasCharts))));

    /// <summary>The page's text.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="withCharts">Whether the page with charts is there; else the one that says what is missing.</param>
    internal static string Make(RunReport report, bool withCharts)
    {
        ArgumentNullException.ThrowIfNull(report);
        HtmlText body = new();
        HeadSections.Write(body, report);
        CurveSections.Write(body, report);
        FigureSections.Write(body, report);
        RecordSections.Write(body, report);

        // The default encoder turns every sign that could end the script element into an escape.
        string json = JsonSerializer.Serialize(ReportData.Of(report), ReportDataJson.Default.ReportData);
        return Template(withCharts ? FileName : "fallback.html")
            .Replace(TitlePosition, HtmlEncoder.Default.Encode(HeadSections.TitleOf(report)), StringComparison.Ordinal)
            .Replace(BodyPosition, body.ToString(), StringComparison.Ordinal)
            .Replace(DataPosition, json, StringComparison.Ordinal);
    }

    private static string Template(string name)
    {
        using Stream stream = typeof(RunReportPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
