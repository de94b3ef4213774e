using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thalweg.Tuning.Tests;

/// <summary>The page holds the result and nothing that is to be loaded.</summary>
public sealed partial class PageTests
{
    private static ComparisonResult Result(string name) => new()
    {
        Options = new ComparisonOptions { Contenders = [new("adam")] },
        Data = name,
        TrainingSamples = 80,
        ValidationSamples = 10,
        MetricName = "accuracy",
        Trivial = 0.5,
        Target = 0.9,
        StepsPerEpoch = 2,
        Rates = [0.1],
        Ranking =
        [
            new RankedContender
            {
                Rank = 1,
                Contender = new("adam"),
                Name = "adam",
                Formula = "u = g",
                Rate = 0.1,
                IsAtEdge = false,
                Metric = 0.95,
                Bootstrap = new(0.9, 1, 0, 0, 1),
                StepsToTarget = null,
                SecondsToTarget = null,
                Tuning = new(1, 0, 2, 0.1),
                Rates = [],
                Runs = [new(1, true, [double.NaN], [], [], [])],
            },
        ],
        Cost = new(2, 0, 4, 0.2),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_page_carries_its_data(bool withCharts)
    {
        if (withCharts && !ComparisonPage.HasCharts)
            Assert.Skip("the page was built without Node.js");
        string page = ComparisonPage.Make(Result("</script><script>alert(1)</script>"), withCharts);
        page.ShouldNotContain("<script>alert");
        page.ShouldContain("&lt;/script&gt;");
        string json = Data().Match(page).Groups[1].Value;
        using JsonDocument document = JsonDocument.Parse(json);
        document.RootElement.GetProperty("data").GetString().ShouldBe("</script><script>alert(1)</script>");
        document.RootElement.GetProperty("ranking")[0].GetProperty("metric").GetDouble().ShouldBe(0.95);
        Loads().IsMatch(page).ShouldBeFalse();
        page.Length.ShouldBeLessThan(750_000);
    }

    [Fact]
    public void Without_Node_the_page_says_what_is_missing()
    {
        string page = ComparisonPage.Make(Result("moons"), withCharts: false);
        page.ShouldContain("Node.js");
        page.ShouldContain("<th scope=\"row\">adam</th>");
        page.ShouldContain("not reached");
    }

    /// <summary>The page's types are written by hand: a list of layers that they leave out is a network that the page misnames.</summary>
    [Fact]
    public void The_page_knows_every_list_of_layers()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Thalweg.slnx")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            Assert.Skip("the sources are not beside the tests");
        string types = Options().Match(File.ReadAllText(Path.Combine(folder, "web", "src", "comparison", "types.ts"))).Value;
        string script = File.ReadAllText(Path.Combine(folder, "web", "src", "comparison", "main.ts"));
        string json = Data().Match(ComparisonPage.Make(Result("moons"), withCharts: false)).Groups[1].Value;
        using JsonDocument document = JsonDocument.Parse(json);
        string[] lists = [.. document.RootElement.GetProperty("options").EnumerateObject()
            .Where(property => property.Value.ValueKind == JsonValueKind.Array && property.Name != "contenders")
            .Select(property => property.Name)];
        lists.ShouldBe(["hiddenUnits", "convolutions", "stages"], ignoreOrder: true);
        foreach (string list in lists)
        {
            types.ShouldContain($" {list}: ");
            script.ShouldContain($"options.{list}");
        }
    }

    [GeneratedRegex("""export interface Options \{.*?\n\}""", RegexOptions.Singleline)]
    private static partial Regex Options();

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex Data();

    /// <summary>Scripts, styles and pictures from elsewhere.</summary>
    [GeneratedRegex("""<(script|img|link|iframe)[^>]*(src|href)="(?!data:)""")]
    private static partial Regex Loads();
}
