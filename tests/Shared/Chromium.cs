using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thalweg.Tests.Shared;

/// <summary>A page in Chromium, in a frame of some width; what it sees comes back as JSON.</summary>
internal static partial class Chromium
{
    /// <summary>Action that looks for what keeps people from using the page; finds nothing where axe-core is not installed.</summary>
    public const string RunAxe = "const found = window.axe ? await axe.run() : { violations: [] };";

    /// <summary>Member <c>serious</c>: the serious faults that <see cref="RunAxe"/> found.</summary>
    public const string Serious = """
        serious: found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
          .map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', ')),
        """;

    /// <summary>A page with the script of axe-core in it, where the packages of the pages are installed; else the page as it is.</summary>
    public static string WithAxe(string page)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "web", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
                return page.Replace("<head>", $"<head><script>{File.ReadAllText(path)}</script>", StringComparison.Ordinal);
        }

        return page;
    }

    /// <summary>Skips the test where there is no browser.</summary>
    public static void Require()
    {
        if (Browser() is null)
            Assert.Skip("Chromium is not installed: put it on the PATH, or name it in the variable CHROMIUM");
    }

    /// <summary>Opens a page from the disk. It must log no error, load nothing, and be no wider than its frame.</summary>
    /// <param name="page">Its text.</param>
    /// <param name="members">Members of the JavaScript object to send back, such as <c>title: document.title</c>.</param>
    /// <param name="actions">JavaScript to run first, once the page is drawn; default none.</param>
    /// <param name="width">Width of the frame in pixels.</param>
    /// <param name="address">What follows the name of the page in its address, such as <c>#en</c>; default nothing.</param>
    /// <returns>The object.</returns>
    public static JsonElement Look(string page, string members, string actions = "", int width = 420, string address = "")
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-page").FullName;
        try
        {
            string frame = Path.Combine(folder, "frame.html");
            File.WriteAllText(Path.Combine(folder, "page.html"), Head().Replace(page, match => match.Value + Watcher(members, actions), 1));
            File.WriteAllText(frame, $$"""
                <!doctype html><body style="margin:0"><iframe src="page.html{{address}}" style="width:{{width}}px;height:2000px;border:0"></iframe>
                <script>
                addEventListener('message', event => {
                  const report = document.createElement('pre');
                  report.id = 'seen';
                  report.textContent = event.data;
                  document.body.append(report);
                });
                </script>
                """);
            string dom = Dom(folder, frame, width);
            Match match = Seen().Match(dom);
            match.Success.ShouldBeTrue(dom);
            JsonElement seen = JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
            Texts(seen, "errors").ShouldBeEmpty();
            Texts(seen, "loads").ShouldBeEmpty();
            seen.GetProperty("width").GetInt32().ShouldBe(width);
            return seen;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A member that is a list of texts.</summary>
    public static string[] Texts(JsonElement seen, string name) =>
        [.. seen.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>In the page, before its own scripts: collects errors, and sends what it sees to the page around it.</summary>
    private static string Watcher(string members, string actions) => $$"""
        <script>
        const errors = [];
        console.error = (...words) => errors.push(words.join(' '));
        console.warn = console.error;
        addEventListener('error', event => errors.push(event.message));
        addEventListener('load', () => setTimeout(async () => {
          {{actions}}
          parent.postMessage(JSON.stringify({
            errors,
            loads: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
            width: document.documentElement.scrollWidth,
            {{members}}
          }), '*');
        }, 200));
        </script>
        """;

    private static string? Browser() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(_ => (string[])["chromium", "chromium-browser", "google-chrome", "chrome.exe"], Path.Combine)
            .FirstOrDefault(File.Exists);

    private static string Dom(string folder, string frame, int width)
    {
        ProcessStartInfo start = new(Browser()!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--lang=en-US",
            $"--user-data-dir={Path.Combine(folder, "browser")}", $"--window-size={width + 180},2000", "--virtual-time-budget=20000", "--dump-dom",
            new Uri(frame).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return dom;
    }

    [GeneratedRegex("""<head>|<meta charset="utf-8">""")]
    private static partial Regex Head();

    [GeneratedRegex("""<pre id="seen">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
