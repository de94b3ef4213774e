using System.Text.Json;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>The page in Chromium, wide and narrow, light and dark, in both languages: nothing is loaded, logged, too wide or inaccessible.</summary>
public sealed class ReportBrowserTests
{
    [Theory]
    [InlineData(420, DoctorTexts.English, false)]
    [InlineData(1280, DoctorTexts.English, true)]
    [InlineData(420, DoctorTexts.Chinese, true)]
    public void The_page_is_clean(int width, string language, bool isDark)
    {
        if (Chromium.Browser() is null)
            Assert.Skip("Chromium is not installed: put it on the PATH, or name it in the variable CHROMIUM");

        string page = (Examinations.Report() with { Language = language }).ToHtml();
        JsonElement seen = Chromium.Look(
            isDark ? page.Replace("(prefers-color-scheme: dark)", "all", StringComparison.Ordinal) : page, width, Chromium.Axe());
        Texts(seen, "errors").ShouldBeEmpty();
        Texts(seen, "loads").ShouldBeEmpty();
        Texts(seen, "serious").ShouldBeEmpty();
        seen.GetProperty("width").GetInt32().ShouldBe(width);
        seen.GetProperty("injected").GetInt32().ShouldBe(0);
    }

    private static string[] Texts(JsonElement seen, string name) =>
        [.. seen.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
