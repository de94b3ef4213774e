using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Thalweg.Labs.Report;

namespace Thalweg.Labs.Tests;

/// <summary>The pages in Chromium: no error, nothing loaded, no wider than a telephone, and the language can be switched.</summary>
public sealed partial class BrowserTests
{
    private const string Watcher = """
        <script>
        const errors = [];
        console.error = (...words) => errors.push(words.join(' '));
        console.warn = console.error;
        addEventListener('error', event => errors.push(event.message));
        addEventListener('load', () => setTimeout(() => {
          const heading = () => document.querySelector('h1').innerText;
          const first = heading();
          document.querySelector('[data-language]').click();
          const second = heading();
          document.getElementById('theme').click();
          const chart = document.querySelector('svg[data-plot]');
          const keys = chart ? [...document.querySelectorAll('figure')].find(figure => figure.contains(chart)).querySelector('.reading') : null;
          chart?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
          document.querySelector('.legend button')?.click();
          parent.postMessage(JSON.stringify({
            errors, first, second, reading: keys?.textContent ?? '',
            hidden: document.querySelectorAll('[data-series][style*=none]').length,
            loads: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
            width: document.documentElement.scrollWidth,
          }), '*');
        }, 200));
        </script>
        """;

    [Fact]
    public void The_pages_work()
    {
        if (Browser() is not { } browser)
        {
            Assert.Skip("Chromium is not installed: put it on the PATH, or name it in the variable CHROMIUM");
            return;
        }

        (Lab Lab, LabResult Result)[] results = [(new CountingLab(),
            new LabRunner(new LabRunOptions { Mode = LabMode.Tiny }).Run(new CountingLab()))];
        JsonElement page = Look(browser, LabPage.Make(results[0].Lab, results[0].Result));
        (page.GetProperty("first").GetString(), page.GetProperty("second").GetString())
            .ShouldBe(("Is the deviation right? </script>", "标准差对吗？"));
        page.GetProperty("reading").GetString()!.ShouldContain("a ");
        page.GetProperty("hidden").GetInt32().ShouldBe(1);
        JsonElement index = Look(browser, IndexPage.Make(results, new LabRunOptions()));
        index.GetProperty("second").GetString().ShouldBe("关于训练深度网络，哪些说法是对的？");
    }

    private static JsonElement Look(string browser, string page)
    {
        string folder = Directory.CreateTempSubdirectory("labs").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "page.html"),
                page.Replace("<meta charset=\"utf-8\">", "<meta charset=\"utf-8\">" + Watcher, StringComparison.Ordinal));
            string frame = Path.Combine(folder, "frame.html");
            File.WriteAllText(frame, """
                <!doctype html><body style="margin:0"><iframe src="page.html" style="width:420px;height:2000px;border:0"></iframe>
                <script>
                addEventListener('message', event => {
                  const report = document.createElement('pre');
                  report.id = 'seen';
                  report.textContent = event.data;
                  document.body.append(report);
                });
                </script>
                """);
            string[] arguments =
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--lang=en-US",
                $"--user-data-dir={Path.Combine(folder, "browser")}", "--window-size=600,2000", "--virtual-time-budget=5000",
                    "--dump-dom", new Uri(frame).AbsoluteUri,
            ];
            using Process process = Process.Start(new ProcessStartInfo(browser, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string dom = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Match match = Seen().Match(dom);
            match.Success.ShouldBeTrue(dom);
            JsonElement seen = JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
            seen.GetProperty("errors").GetArrayLength().ShouldBe(0, seen.ToString());
            seen.GetProperty("loads").GetArrayLength().ShouldBe(0, seen.ToString());
            seen.GetProperty("width").GetInt32().ShouldBe(420);
            return seen;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static string? Browser() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(_ => (string[])["chromium", "chromium-browser", "google-chrome", "chrome.exe"], Path.Combine)
            .FirstOrDefault(File.Exists);

    [GeneratedRegex("""<pre id="seen">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
