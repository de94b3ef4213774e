using System.Text.Json;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>The page in Chromium, wide and narrow, light and dark, in both languages: nothing is loaded, logged, too wide or inaccessible.</summary>
public sealed class ReportBrowserTests
{
    private const string RunAxe = "const found = window.axe ? await axe.run() : { violations: [] };";

    private const string Members = """
        serious: found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
          .map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', ')),
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
        if (Axe() is { } axe)
            page = page.Replace("<head>", $"<head><script>{axe}</script>", StringComparison.Ordinal);
        JsonElement seen = Chromium.Look(page, Members, RunAxe, width);
        Chromium.Texts(seen, "serious").ShouldBeEmpty();
        seen.GetProperty("injected").GetInt32().ShouldBe(0);
    }

    /// <summary>The script of axe-core, where the packages of the pages are installed.</summary>
    private static string? Axe()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "web", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
                return File.ReadAllText(path);
        }

        return null;
    }
}
