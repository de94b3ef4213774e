using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thalweg.Tuning.Tests.Studies;

/// <summary>The page holds the study and nothing that is to be loaded.</summary>
public sealed partial class StudyPageTests
{
    [Theory]
    [InlineData(true), InlineData(false)]
    public void The_page_carries_its_data(bool withCharts)
    {
        if (withCharts && !StudyPage.HasCharts)
            Assert.Skip("the page was built without Node.js");
        MemoryStorage storage = new();
        StudyDefinition definition = VirtualStudy.Definition(30, "random", "none", "lag(3)");
        VirtualStudy.Run(storage, definition with { Space = SearchSpace.Parse("x=uniform(-1, 1)", "rate=log(1e-4, 1)", "kind=choice(a, '</script><b>')") }, 2);
        using Study study = Study.Open(storage);
        string page = StudyPage.Make(study.Result(), withCharts);
        page.ShouldNotContain("</script><b>");
        using JsonDocument document = JsonDocument.Parse(Data().Match(page).Groups[1].Value);
        document.RootElement.GetProperty("trials").GetArrayLength().ShouldBe(30);
        document.RootElement.GetProperty("optimism").GetString().ShouldBe("NaN");
        document.RootElement.GetProperty("importance").GetArrayLength().ShouldBe(3);
        document.RootElement.GetProperty("parameters")[2].GetProperty("choices")[1].GetString().ShouldBe("</script><b>");
        Loads().IsMatch(page).ShouldBeFalse();
        page.Length.ShouldBeLessThan(750_000);
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("(src|href)=\"(https?:|//)")]
    private static partial Regex Loads();
}
