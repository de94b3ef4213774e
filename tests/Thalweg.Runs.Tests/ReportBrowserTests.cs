using System.Text.Json;

namespace Thalweg.Runs.Tests;

/// <summary>The page in Chromium: charts are drawn, nothing is loaded, no error is logged, nothing is wider than a telephone.</summary>
public sealed class ReportBrowserTests
{
    private const string Members = """
        charts: [...document.querySelectorAll('[data-chart]')].map(host => host.dataset.chart + ' ' + (host.querySelector('svg path') ? 'drawn' : 'empty')),
        injected: document.querySelectorAll('#page script, #page iframe').length,
        """;

    [Fact]
    public void The_page_of_classes_is_drawn()
    {
        using TemporaryFolder files = new();
        Require();
        _ = Run.Start(files.Recipe(), new RunOptions { Folder = files.At("run") });
        Charts(RunReport.Open(files.At("run"))).ShouldBe(["loss drawn", "metric drawn", "calibration drawn"]);
    }

    [Fact]
    public void The_page_of_numbers_is_drawn()
    {
        using TemporaryFolder files = new();
        Require();
        Charts(ReportTests.Numbers(files)).ShouldBe(["loss drawn", "metric drawn", "residuals drawn"]);
    }

    private static void Require()
    {
        Chromium.Require();
        if (!RunReportPage.HasCharts)
            Assert.Skip("the page was built without Node.js");
    }

    private static string[] Charts(RunReport report)
    {
        JsonElement seen = Chromium.Look(RunReportPage.Make(report, withCharts: true), Members);
        seen.GetProperty("injected").GetInt32().ShouldBe(0);
        return Chromium.Texts(seen, "charts");
    }
}
