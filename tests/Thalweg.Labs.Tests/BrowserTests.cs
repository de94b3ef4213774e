using System.Text.Json;
using Thalweg.Labs.Report;

namespace Thalweg.Labs.Tests;

/// <summary>The pages in Chromium: no error, nothing loaded, no wider than a telephone, and the language can be switched.</summary>
public sealed class BrowserTests
{
    private const string Actions = """
        const heading = () => document.querySelector('h1').innerText;
        const first = heading();
        document.querySelector('[data-language]').click();
        const second = heading();
        document.getElementById('theme').click();
        const chart = document.querySelector('svg[data-plot]');
        const keys = chart ? [...document.querySelectorAll('figure')].find(figure => figure.contains(chart)).querySelector('.reading') : null;
        chart?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
        document.querySelector('.legend button')?.click();
        """;

    private const string Members = """
        first, second, reading: keys?.textContent ?? '', hidden: document.querySelectorAll('[data-series][style*=none]').length,
        """;

    [Fact]
    public void The_pages_work()
    {
        Chromium.Require();
        (Lab Lab, LabResult Result)[] results = [(new CountingLab(),
            new LabRunner(new LabRunOptions { Mode = LabMode.Tiny }).Run(new CountingLab()))];
        JsonElement page = Chromium.Look(LabPage.Make(results[0].Lab, results[0].Result), Members, Actions);
        (page.GetProperty("first").GetString(), page.GetProperty("second").GetString())
            .ShouldBe(("Is the deviation right? </script>", "标准差对吗？"));
        page.GetProperty("reading").GetString()!.ShouldContain("a ");
        page.GetProperty("hidden").GetInt32().ShouldBe(1);
        JsonElement index = Chromium.Look(IndexPage.Make(results, new LabRunOptions()), Members, Actions);
        index.GetProperty("second").GetString().ShouldBe("关于训练深度网络，哪些说法是对的？");
    }
}
