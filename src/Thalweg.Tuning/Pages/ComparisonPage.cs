using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Thalweg.Checkpoints;

namespace Thalweg.Tuning;

/// <summary>The result as one HTML page that needs nothing else: ranking, curves, and the result of each learning rate.</summary>
public static class ComparisonPage
{
    /// <summary>Name of the file in the folder of a comparison.</summary>
    public const string FileName = "comparison.html";

    private const string DataPosition = "\"thalweg-data\"", RowsPosition = "<!--thalweg-rows-->", TitlePosition = "<!--thalweg-title-->";

    /// <summary>Whether the charts were built into this assembly, which takes Node.js at build time.</summary>
    public static bool HasCharts => typeof(ComparisonPage).Assembly.GetManifestResourceInfo("comparison.html") is not null;

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="result">What it shows.</param>
    public static void Write(string path, ComparisonResult result) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Make(result, HasCharts))));

    /// <summary>The page's text.</summary>
    /// <param name="result">What it shows.</param>
    /// <param name="withCharts">Whether the page with charts is there; else the one that says what is missing.</param>
    internal static string Make(ComparisonResult result, bool withCharts)
    {
        ArgumentNullException.ThrowIfNull(result);
        string template = Template(withCharts ? "comparison.html" : "fallback.html");

        // The default encoder turns every sign that could end the script element into an escape.
        string json = JsonSerializer.Serialize(result, TuningJson.Default.ComparisonResult);
        return template
            .Replace(TitlePosition, HtmlEncoder.Default.Encode($"Comparison on {result.Data}"), StringComparison.Ordinal)
            .Replace(RowsPosition, Rows(result), StringComparison.Ordinal)
            .Replace(DataPosition, json, StringComparison.Ordinal);
    }

    private static string Template(string name)
    {
        using Stream stream = typeof(ComparisonPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Rows(ComparisonResult result)
    {
        StringBuilder rows = new();
        foreach (RankedContender contender in result.Ranking)
        {
            string interval = Text($"{contender.Bootstrap.Low:0.0000} to {contender.Bootstrap.High:0.0000}");
            string steps = contender.StepsToTarget is { } reached ? Text($"{reached}") : "not reached";
            rows.Append($"<tr><td>{contender.Rank}</td><th scope=\"row\">{WebUtility.HtmlEncode(contender.Name)}</th>");
            rows.Append(Text($"<td>{contender.Rate}</td><td>{contender.Metric:0.0000}</td><td>{interval}</td><td>{steps}</td></tr>"));
        }

        return rows.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
