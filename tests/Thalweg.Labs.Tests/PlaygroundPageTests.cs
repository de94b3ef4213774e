using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Thalweg.Labs.Playground;

namespace Thalweg.Labs.Tests;

/// <summary>The playground in Chromium, opened from the disk: the library in the page computes what it computes in this process.</summary>
public sealed partial class PlaygroundPageTests
{
    private const string Races = """
        {"ground":{"surface":"ravine","condition":20,"x":-7,"y":2,"steps":40,"noise":0,"batch":1,"seed":1},"racers":[
          {"name":"sgd","settings":{"learning_rate":"0.95"}},{"name":"momentum","settings":{"learning_rate":"cosine(0.1, 40)"}},
          {"name":"adagrad","settings":{"learning_rate":"1.5"}},{"name":"adam","settings":{"learning_rate":"0.3"}},
          {"name":"rmsprop","settings":{"learning_rate":"0.1"}},{"name":"lion","settings":{"learning_rate":"0.1"}}]}
        """;

    private const string Watcher = """
        <script>
        const errors = [];
        console.error = (...words) => errors.push(words.join(' '));
        addEventListener('error', event => errors.push(event.message));
        const watch = setInterval(() => {
          const root = document.documentElement;
          if (!root.dataset.ready) return;
          clearInterval(watch);
          const before = document.getElementById('title').textContent, address = location.hash;
          const text = document.getElementById('panel').innerText;
          document.getElementById('language').click();
          const seen = {
            errors, before, after: document.getElementById('title').textContent, text,
            state: JSON.parse(decodeURIComponent(address.slice(1))), race: root.thalweg('race', RACES),
            paths: document.querySelectorAll('.path').length,
            loads: performance.getEntriesByType('resource').map(entry => entry.name),
          };
          const report = document.createElement('pre');
          report.id = 'seen';
          report.textContent = JSON.stringify(seen);
          document.body.append(report);
        }, 50);
        </script></body>
        """;

    [Fact]
    public void The_page_computes_what_the_library_does_and_its_address_holds_the_state()
    {
        if (!LabPlayground.IsAvailable)
        {
            Assert.Skip("This build has no libraries for browsers: build with -p:Playground=true");
            return;
        }

        if (BrowserTests.Browser() is not { } browser)
        {
            Assert.Skip("Chromium is not installed: put it on the PATH, or name it in the variable CHROMIUM");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("playground").FullName;
        try
        {
            string file = Path.Combine(folder, LabPlayground.FileName);
            LabPlayground.Write(file);
            File.WriteAllText(file, File.ReadAllText(file).Replace("</body>",
                Watcher.Replace("RACES", JsonSerializer.Serialize(Races), StringComparison.Ordinal), StringComparison.Ordinal));
            string state = Uri.EscapeDataString("""{"surface":"beale","x":1,"y":1.5,"steps":25,"chosen":0,"lang":"en"}""");
            JsonElement seen = Look(browser, folder, $"{new Uri(file).AbsoluteUri}#{state}");
            seen.GetProperty("errors").GetArrayLength().ShouldBe(0, seen.ToString());
            seen.GetProperty("loads").GetArrayLength().ShouldBe(0);
            (seen.GetProperty("before").GetString(), seen.GetProperty("after").GetString()).ShouldBe(("Playground", "试验场"));
            JsonElement kept = seen.GetProperty("state");
            (kept.GetProperty("surface").GetString(), kept.GetProperty("steps").GetInt32(), kept.GetProperty("chosen").GetInt32())
                .ShouldBe(("beale", 25, 0));
            seen.GetProperty("paths").GetInt32().ShouldBe(8);
            Compare(seen.GetProperty("race").GetString()!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_page_is_smaller_than_8_megabytes_and_loads_nothing()
    {
        if (!LabPlayground.IsAvailable)
        {
            Assert.Skip("This build has no libraries for browsers: build with -p:Playground=true");
            return;
        }

        string page = PlaygroundPage.Make();
        page.Length.ShouldBeLessThan(8_000_000);
        page.ShouldContain("default-src 'none'");
        page.ShouldNotContain("src=\"http");
    }

    /// <summary>Compares ways to twelve digits: powers and roots of the two runtimes may differ in the last bit.</summary>
    private static void Compare(string text)
    {
        RaceAnswer page = JsonSerializer.Deserialize(text, PlaygroundJson.Default.RaceAnswer)!;
        RaceAnswer library = JsonSerializer.Deserialize(PlaygroundApi.Call("race", Races), PlaygroundJson.Default.RaceAnswer)!;
        page.Paths.Count.ShouldBe(6);
        foreach ((RacePath seen, RacePath own) in page.Paths.Zip(library.Paths))
        {
            own.Error.ShouldBeNull();
            seen.X.Select(Digits).ShouldBe(own.X.Select(Digits), own.Text);
            seen.Y.Select(Digits).ShouldBe(own.Y.Select(Digits), own.Text);
            seen.Values.Select(Digits).ShouldBe(own.Values.Select(Digits), own.Text);
        }
    }

    private static string Digits(double value) => value.ToString("E11", CultureInfo.InvariantCulture);

    private static JsonElement Look(string browser, string folder, string address)
    {
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=en-US",
            $"--user-data-dir={Path.Combine(folder, "browser")}", "--window-size=1000,1400", "--virtual-time-budget=60000", "--dump-dom",
            address,
        ];
        using Process process = Process.Start(new ProcessStartInfo(browser, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Match match = Seen().Match(dom);
        match.Success.ShouldBeTrue("the page was not ready in time");
        return JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
    }

    [GeneratedRegex("""<pre id="seen">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
