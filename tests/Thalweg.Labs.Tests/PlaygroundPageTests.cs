using System.Globalization;
using System.Text.Json;
using Thalweg.Labs.Playground;

namespace Thalweg.Labs.Tests;

/// <summary>The playground in Chromium, opened from the disk: the library in the page computes what it computes in this process.</summary>
public sealed class PlaygroundPageTests
{
    private const string Races = """
        {"ground":{"surface":"ravine","condition":20,"x":-7,"y":2,"steps":40,"noise":0,"batch":1,"seed":1},"racers":[
          {"name":"sgd","settings":{"learning_rate":"0.95"}},{"name":"momentum","settings":{"learning_rate":"cosine(0.1, 40)"}},
          {"name":"adagrad","settings":{"learning_rate":"1.5"}},{"name":"adam","settings":{"learning_rate":"0.3"}},
          {"name":"rmsprop","settings":{"learning_rate":"0.1"}},{"name":"lion","settings":{"learning_rate":"0.1"}}]}
        """;

    /// <summary>Waits until the libraries answer, then reads what the page shows, and what its library computes.</summary>
    private const string Actions = """
        const root = document.documentElement, title = () => document.getElementById('title').textContent;
        while (!root.dataset.ready && errors.length === 0) await new Promise(resolve => setTimeout(resolve, 100));
        const before = title(), state = JSON.parse(decodeURIComponent(location.hash.slice(1)));
        const paths = document.querySelectorAll('.path').length, race = root.thalweg('race', RACES);
        document.getElementById('language').click();
        const after = title();
        """;

    private const string Members = "before, after, state, paths, race";

    private const string EditorActions = """
        const root = document.documentElement, wait = () => new Promise(resolve => setTimeout(resolve, 100));
        while (!root.dataset.ready && errors.length === 0) await wait();
        await wait();
        const editor = () => document.querySelector('.editor'), handle = i => editor().querySelectorAll('.handle')[i];
        const handles = editor().querySelectorAll('.handle').length;
        const key = (i, name) => handle(i).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
        for (const name of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowUp']) key(1, name);
        const last = handle(2), box = editor().getBoundingClientRect(), spot = last.getBoundingClientRect();
        last.setPointerCapture = () => {};
        last.hasPointerCapture = () => true;
        const at = { pointerId: 1, bubbles: true, clientX: spot.left + spot.width / 2, clientY: spot.top + spot.height / 2 };
        last.dispatchEvent(new PointerEvent('pointerdown', at));
        last.dispatchEvent(new PointerEvent('pointermove', { ...at, clientY: at.clientY - box.height / 6 }));
        const buttons = [...editor().parentElement.querySelectorAll('button')];
        buttons[0].click();
        const added = editor().querySelectorAll('.handle').length;
        buttons[1].click();
        const removed = editor().querySelectorAll('.handle').length;
        const racer = JSON.parse(decodeURIComponent(location.hash.slice(1))).racers[0], kept = racer.points.learning_rate;
        const schedule = JSON.stringify({ text: racer.settings.learning_rate, steps: 41 });
        const rates = JSON.parse(root.thalweg('schedule', schedule)).values[kept[1][0]];
        const faults = [];
        for (const tab of ['race', 'map', 'start', 'norm']) {
          document.getElementById('tab-' + tab).click();
          await wait();
          RUNAXE
          faults.push(...found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
            .map(v => tab + ': ' + v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', ')));
        }
        """;

    private const string EditorMembers = "handles, added, removed, kept, rates, faults";

    [Fact]
    public void The_page_computes_what_the_library_does_and_its_address_holds_the_state()
    {
        RequirePlayground();
        Chromium.Require();
        string state = Uri.EscapeDataString("""{"surface":"beale","x":1,"y":1.5,"steps":25,"chosen":0,"lang":"en"}""");
        JsonElement seen = Chromium.Look(PlaygroundPage.Make(), Members,
            Actions.Replace("RACES", JsonSerializer.Serialize(Races), StringComparison.Ordinal), address: $"#{state}");
        (seen.GetProperty("before").GetString(), seen.GetProperty("after").GetString()).ShouldBe(("Playground", "试验场"));
        JsonElement kept = seen.GetProperty("state");
        (kept.GetProperty("surface").GetString(), kept.GetProperty("steps").GetInt32(), kept.GetProperty("chosen").GetInt32())
            .ShouldBe(("beale", 25, 0));
        seen.GetProperty("paths").GetInt32().ShouldBe(8);
        Compare(seen.GetProperty("race").GetString()!);
    }

    /// <summary>Points of a schedule move by pointer and by keyboard, and lie in the address; no page has a serious fault.</summary>
    [Theory]
    [InlineData(420)]
    [InlineData(1280)]
    public void Schedules_are_edited_as_points_and_no_page_is_inaccessible(int width)
    {
        RequirePlayground();
        Chromium.Require();
        string state = Uri.EscapeDataString("""
            {"steps":40,"chosen":0,"lang":"en","racers":[{"name":"momentum","settings":{"learning_rate":"0.1"},
             "points":{"learning_rate":[[0,0.1],[20,0.05],[40,0.01]]}}]}
            """);
        JsonElement seen = Chromium.Look(Chromium.WithAxe(PlaygroundPage.Make()), EditorMembers,
            EditorActions.Replace("RUNAXE", Chromium.RunAxe, StringComparison.Ordinal), width, $"#{state}");
        Chromium.Texts(seen, "faults").ShouldBeEmpty();
        (seen.GetProperty("handles").GetInt32(), seen.GetProperty("added").GetInt32(), seen.GetProperty("removed").GetInt32())
            .ShouldBe((3, 4, 3));
        JsonElement[][] points = [.. seen.GetProperty("kept").EnumerateArray().Select(point => point.EnumerateArray().ToArray())];
        points[1][0].GetInt32().ShouldBe(22);
        points[1][1].GetDouble().ShouldBeGreaterThan(0.05);
        (points[0][0].GetInt32(), points[2][0].GetInt32()).ShouldBe((0, 40));
        points[2][1].GetDouble().ShouldBeGreaterThan(0.02);
        seen.GetProperty("rates").GetDouble().ShouldBe(points[1][1].GetDouble(), 1e-9);
    }

    [Fact]
    public void The_page_is_smaller_than_8_megabytes_and_loads_nothing()
    {
        RequirePlayground();
        string page = PlaygroundPage.Make();
        page.Length.ShouldBeLessThan(8_000_000);
        page.ShouldContain("default-src 'none'");
        page.ShouldNotContain("src=\"http");
    }

    private static void RequirePlayground()
    {
        if (!LabPlayground.IsAvailable)
            Assert.Skip("This build has no libraries for browsers: build with -p:Playground=true");
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
}
