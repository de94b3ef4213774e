using System.Text.Json;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>The page in Chromium, wide and narrow, light and dark, in both languages: nothing is loaded, logged, too wide or inaccessible.</summary>
public sealed class ReportBrowserTests
{
    private const string Members = $"""
        {Chromium.Serious}
        injected: document.querySelectorAll('#page script, #page iframe, #page img').length,
        """;

    [Theory]
    [InlineData(420, DoctorTexts.English, false)]
    [InlineData(1280, DoctorTexts.English, true)]
    [InlineData(420, DoctorTexts.Chinese, true)]
    public void The_page_is_clean(int width, string language, bool isDark)
    {
        Chromium.Require();
        string page = (Examinations.Report() with { Language = language }).ToHtml();
        if (isDark)
            page = page.Replace("(prefers-color-scheme: dark)", "all", StringComparison.Ordinal);
        JsonElement seen = Chromium.Look(Chromium.WithAxe(page), Members, Chromium.RunAxe, width);
        Chromium.Texts(seen, "serious").ShouldBeEmpty();
        seen.GetProperty("injected").GetInt32().ShouldBe(0);
    }
}
