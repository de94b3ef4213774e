using System.Text.Json;
using Thalweg.Labs.Report;

namespace Thalweg.Labs.Tests;

/// <summary>The pages in Chromium: no error, nothing loaded, no wider than a telephone, and the language can be switched.</summary>
public sealed class BrowserTests
{
    private const string Actions = $$"""
        {{Chromium.RunAxe}}
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

    private const string Members = $$"""
        {{Chromium.Serious}}
        first, second, reading: keys?.textContent ?? '', hidden: document.querySelectorAll('[data-series][style*=none]').length,
        """;

    private static readonly Lazy<(Lab Lab, LabResult Result)[]> s_results = new(() =>
    {
        Lab[] labs = [new CountingLab(), LabCatalogue.Of("random-walk"), LabCatalogue.Of("zero-init")];
        return [.. labs.Zip(new LabRunner(new LabRunOptions { Mode = LabMode.Tiny }).Run(labs))];
    });

    [Theory]
    [InlineData(420)]
    [InlineData(1280)]
    public void The_pages_work(int width)
    {
        Chromium.Require();
        (Lab lab, LabResult result) = s_results.Value[0];
        JsonElement page = Look(LabPage.Make(lab, result), width);
        (page.GetProperty("first").GetString(), page.GetProperty("second").GetString())
            .ShouldBe(("Is the deviation right? </script>", "标准差对吗？"));
        page.GetProperty("reading").GetString()!.ShouldContain("a ");
        page.GetProperty("hidden").GetInt32().ShouldBe(1);
        JsonElement index = Look(IndexPage.Make(s_results.Value, new LabRunOptions()), width);
        index.GetProperty("second").GetString().ShouldBe("关于训练深度网络，哪些说法是对的？");
        Look(SourcesPage.Make(s_results.Value)!, width).GetProperty("second").GetString().ShouldBe("重画原文的图");
    }

    private static JsonElement Look(string page, int width)
    {
        JsonElement seen = Chromium.Look(Chromium.WithAxe(page), Members, Actions, width);
        Chromium.Texts(seen, "serious").ShouldBeEmpty();
        return seen;
    }
}
