using System.Text.Json;
using System.Text.RegularExpressions;
using Thalweg.Runs;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>The report: complete in each language and format, whatever names hold.</summary>
public sealed partial class ReportTests
{
    public static TheoryData<string> Languages => [.. DoctorTexts.Languages];

    [Fact]
    public void The_tables_of_texts_have_the_same_keys_and_places()
    {
        DoctorTexts english = DoctorTexts.For(DoctorTexts.English), chinese = DoctorTexts.For(DoctorTexts.Chinese);
        chinese.Keys.Except(english.Keys).ShouldBeEmpty();
        english.Keys.Except(chinese.Keys).ShouldBeEmpty();
        foreach (string key in english.Keys)
        {
            chinese[key].ShouldNotBeNullOrWhiteSpace(key);
            Places(chinese[key]).ShouldBe(Places(english[key]), key);
        }
    }

    [Fact]
    public void Chinese_texts_are_Chinese()
    {
        DoctorTexts chinese = DoctorTexts.For(DoctorTexts.Chinese);
        chinese.Keys.Where(key => !Han().IsMatch(chinese[key])).ShouldBeEmpty();
        foreach (Cause cause in Cause.All)
            cause.Why(DoctorTexts.Chinese).Count(letter => letter == '。').ShouldBeGreaterThanOrEqualTo(2, cause.Id);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_page_needs_nothing_else_and_escapes_names(string language)
    {
        string page = (Examinations.Report() with { Language = language }).ToHtml();
        page.ShouldNotContain("<script");
        page.ShouldNotContain("<img");
        External().Matches(page).Select(match => match.Value).ShouldBeEmpty();
        page.ShouldContain(language == DoctorTexts.Chinese ? "<html lang=\"zh-Hans\">" : "<html lang=\"en\">");
        foreach (string section in (string[])["timeline", "findings", "proof", "curves", "layers", "histograms", "spectrum", "experiments", "missing"])
            page.ShouldContain($"<h2 id=\"{section}\">");

        page.ShouldContain(Cause.DeadRelu.Name(language));
        page.ShouldNotContain("NaN,");
        NotANumber().Matches(page).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Markdown_and_Json_say_the_same(string language)
    {
        DoctorReport report = Examinations.Report() with { Language = language };
        string text = report.ToMarkdown();
        text.ShouldContain(Cause.DeadRelu.Why(language));
        text.ShouldContain("0.97");
        text.ShouldNotContain("<img");

        JsonElement json = JsonDocument.Parse(report.ToJson()).RootElement;
        json.GetProperty("findings").GetArrayLength().ShouldBe(1);
        json.GetProperty("findings")[0].GetProperty("name").GetString().ShouldBe(Cause.DeadRelu.Name(language));
        json.GetProperty("proof").GetProperty("repaired").GetBoolean().ShouldBeTrue();
        json.GetProperty("readings").GetArrayLength().ShouldBeGreaterThan(50);
    }

    [Fact]
    public void An_examination_that_found_nothing_says_so()
    {
        string page = new DoctorReport(new Examination()).ToHtml();
        page.ShouldContain(DoctorTexts.For(DoctorTexts.English)["report.verdict_none"]);
        page.ShouldNotContain("<section");
        new DoctorReport(new Examination()).ToMarkdown().ShouldContain("No finding");
    }

    [Fact]
    public void A_report_replaces_a_file_as_a_whole()
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-doctor").FullName;
        try
        {
            string path = Path.Combine(folder, "report.md");
            Examinations.Report().Write(path, DoctorReportFormat.Markdown);
            File.ReadAllText(path).ShouldBe(Examinations.Report().ToMarkdown());
            Should.Throw<ThalwegException>(() => Examinations.Report().Write(Path.Combine(folder, "missing", "report.html")));
            Directory.GetFileSystemEntries(folder).ShouldBe([path]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void What_is_read_for_the_report_changes_no_finding()
    {
        Recipe recipe = Recipe.Parse(
            "data: { source: moons, samples: 120 }\nnetwork: mlp:8\ntraining: { epochs: 4, batch_size: 16, optimizer: { name: sgd, learning_rate: 3 } }");
        DoctorOptions options = new() { Experiments = false };
        Examination plain = Doctor.Examine(recipe, options), drawn = Doctor.Examine(recipe, options with { ForReport = true });
        drawn.Findings.Select(finding => finding.ToJson()).ShouldBe(plain.Findings.Select(finding => finding.ToJson()));
        drawn.Outcome.ShouldBe(plain.Outcome);
        plain.Readings.ShouldNotContain(reading => reading.Instrument == "activation_histogram");
        string page = new DoctorReport(drawn).ToHtml();
        page.ShouldContain("<h2 id=\"histograms\">");
        page.ShouldContain("<h2 id=\"spectrum\">");
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    /// <summary>Whatever would be loaded: only the empty icon and places of the page itself are not.</summary>
    [GeneratedRegex("""<(script|img|iframe|object|embed|link (?!rel="icon"))|href="(?!#|data:)|url\(|@import|https?://""")]
    private static partial Regex External();

    [GeneratedRegex("""(x1|x2|y1|y2|x|y|width|height|points|fill-opacity)="[^"]*(NaN|∞|–)[^"]*"|(width|margin-left):(NaN|∞)""")]
    private static partial Regex NotANumber();
}
