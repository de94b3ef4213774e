using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thalweg.Runs.Tests;

/// <summary>The page in Chromium: charts are drawn, nothing is loaded, no error is logged, nothing is wider than a telephone.</summary>
public sealed partial class ReportBrowserTests
{
    /// <summary>In the page, before its own scripts: collects errors, and sends what it sees to the page around it.</summary>
    private const string Watcher = """
        <script>
        const errors = [];
        console.error = (...words) => errors.push(words.join(' '));
        console.warn = console.error;
        addEventListener('error', event => errors.push(event.message));
        addEventListener('load', () => setTimeout(() => parent.postMessage(JSON.stringify({
          errors,
          charts: [...document.querySelectorAll('[data-chart]')].map(host => host.dataset.chart + ' ' + (host.querySelector('svg path') ? 'drawn' : 'empty')),
          loads: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
          width: document.documentElement.scrollWidth,
          injected: document.querySelectorAll('#page script, #page iframe').length,
        }), '*'), 200));
        </script>
        """;

    private const string Frame = """
        <!doctype html><body style="margin:0"><iframe src="page.html" style="width:420px;height:2000px;border:0"></iframe>
        <script>
        addEventListener('message', event => {
          const report = document.createElement('pre');
          report.id = 'seen';
          report.textContent = event.data;
          document.body.append(report);
        });
        </script>
        """;

    [Fact]
    public void The_page_of_classes_is_drawn()
    {
        using TemporaryFolder files = new();
        Require();
        _ = Run.Start(files.Recipe(), new RunOptions { Folder = files.At("run") });
        JsonElement seen = Look(files, RunReport.Open(files.At("run")));
        Texts(seen, "charts").ShouldBe(["loss drawn", "metric drawn", "calibration drawn"]);
    }

    [Fact]
    public void The_page_of_numbers_is_drawn()
    {
        using TemporaryFolder files = new();
        Require();
        JsonElement seen = Look(files, ReportTests.Numbers(files));
        Texts(seen, "charts").ShouldBe(["loss drawn", "metric drawn", "residuals drawn"]);
    }

    private static void Require()
    {
        if (Browser() is null)
            Assert.Skip("Chromium is not installed: put it on the PATH, or name it in the variable CHROMIUM");
        if (!RunReportPage.HasCharts)
            Assert.Skip("the page was built without Node.js");
    }

    private static JsonElement Look(TemporaryFolder files, RunReport report)
    {
        string page = RunReportPage.Make(report, withCharts: true);
        File.WriteAllText(files.At("page.html"), page.Replace("<head>", "<head>" + Watcher, StringComparison.Ordinal));
        File.WriteAllText(files.At("frame.html"), Frame);
        ProcessStartInfo start = new(Browser()!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
            $"--user-data-dir={files.At("browser")}", "--window-size=600,2000", "--virtual-time-budget=5000", "--dump-dom",
            new Uri(files.At("frame.html")).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Match match = Seen().Match(dom);
        match.Success.ShouldBeTrue(dom);
        JsonElement seen = JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
        Texts(seen, "errors").ShouldBeEmpty();
        Texts(seen, "loads").ShouldBeEmpty();
        seen.GetProperty("width").GetInt32().ShouldBe(420);
        seen.GetProperty("injected").GetInt32().ShouldBe(0);
        return seen;
    }

    private static string[] Texts(JsonElement seen, string name) =>
        [.. seen.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static string? Browser() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(_ => (string[])["chromium", "chromium-browser", "google-chrome", "chrome.exe"], Path.Combine)
            .FirstOrDefault(File.Exists);

    [GeneratedRegex("""<pre id="seen">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
