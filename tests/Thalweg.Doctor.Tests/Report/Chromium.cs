using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>A page in Chromium, in a frame of some width; what it sees comes back as JSON.</summary>
internal static partial class Chromium
{
    private const string Watcher = """
        <script>
        const errors = [];
        console.error = (...words) => errors.push(words.join(' '));
        console.warn = console.error;
        addEventListener('error', event => errors.push(event.message));
        addEventListener('load', async () => {
          const axeRun = window.axe ? await axe.run() : { violations: [] };
          parent.postMessage(JSON.stringify({
            errors,
            serious: axeRun.violations.filter(v => ['serious', 'critical'].includes(v.impact))
              .map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', ')),
            loads: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
            width: document.documentElement.scrollWidth,
            injected: document.querySelectorAll('#page script, #page iframe, #page img').length,
          }), '*');
        });
        </script>
        """;

    /// <summary>Looks at a page.</summary>
    /// <param name="page">Its text.</param>
    /// <param name="width">Width of the frame in pixels.</param>
    /// <param name="axe">The script of axe-core; null where it is not there.</param>
    public static JsonElement Look(string page, int width, string? axe)
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-page").FullName;
        try
        {
            string scripts = (axe is null ? "" : $"<script>{axe}</script>") + Watcher, path = Path.Combine(folder, "frame.html");
            File.WriteAllText(Path.Combine(folder, "page.html"), page.Replace("<head>", "<head>" + scripts, StringComparison.Ordinal));
            File.WriteAllText(path, $$"""
                <!doctype html><body style="margin:0"><iframe src="page.html" style="width:{{width}}px;height:2000px;border:0"></iframe>
                <script>
                addEventListener('message', event => {
                  const report = document.createElement('pre');
                  report.id = 'seen';
                  report.textContent = event.data;
                  document.body.append(report);
                });
                </script>
                """);
            string dom = Dom(folder, path, width);
            Match match = Seen().Match(dom);
            match.Success.ShouldBeTrue(dom);
            return JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The script of axe-core, where the packages of the pages are installed.</summary>
    public static string? Axe()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "web", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
                return File.ReadAllText(path);
        }

        return null;
    }

    /// <summary>The browser; null where there is none.</summary>
    public static string? Browser() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(_ => (string[])["chromium", "chromium-browser", "google-chrome", "chrome.exe"], Path.Combine)
            .FirstOrDefault(File.Exists);

    private static string Dom(string folder, string path, int width)
    {
        ProcessStartInfo start = new(Browser()!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
            $"--user-data-dir={Path.Combine(folder, "browser")}", $"--window-size={width + 100},2000", "--virtual-time-budget=20000", "--dump-dom",
            new Uri(path).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return dom;
    }

    [GeneratedRegex("""<pre id="seen">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
