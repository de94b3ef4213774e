using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>Writes the parts that all pages have.</summary>
internal static class PageWriter
{
    /// <summary>A text in both languages, of which the page shows one.</summary>
    public static string Both(LabText text) => text.English == text.Chinese
        ? Svg.Encode(text.English) : $"<span lang=\"en\">{Svg.Encode(text.English)}</span><span "
            + $"lang=\"zh\">{Svg.Encode(text.Chinese)}</span>";

    /// <summary>A heading in both languages.</summary>
    public static string Heading(int level, LabText text) => $"<h{level}>{Both(text)}</h{level}>";

    /// <summary>A verdict as a badge.</summary>
    public static string Badge(LabVerdict verdict) => $"<span class=\"verdict {StyleOf(verdict)}\">{Both(LabWords.Of(verdict))}</span>";

    /// <summary>A link to another page of the site, which keeps the language.</summary>
    public static string Link(string page, string html) => $"<a href=\"{page}\" data-page=\"{page}\">{html}</a>";

    /// <summary>Class of the style sheet for a verdict.</summary>
    public static string StyleOf(LabVerdict verdict) => verdict switch
    {
        LabVerdict.Holds => "holds",
        LabVerdict.HoldsInPart => "part",
        LabVerdict.DoesNotHold => "fails",
        _ => "open",
    };

    /// <summary>A whole page, which needs no other file.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="body">What stands in its main part.</param>
    /// <param name="back">Whether it leads back to the first page.</param>
    public static string Page(LabText title, string body, bool back)
    {
        StringBuilder page = new();
        page.Append($"<!DOCTYPE html>\n<html lang=\"en\" data-lang=\"en\" data-title-en=\"{Svg.Encode(title.English)}\" "
            + $"data-title-zh=\"{Svg.Encode(title.Chinese)}\">\n<head>\n");
        page.Append("<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
            + "'unsafe-inline'; img-src data: blob:\">\n");
        page.Append($"<title>{Svg.Encode(title.English)}</title>\n<style>{Resource("labs.css")}</style>\n</head>\n<body>\n");
        page.Append($"<a class=\"skip\" href=\"#main\">{Both(("To the content", "跳到正文"))}</a>\n<header class=\"top\"><nav "
            + $"data-en=\"Site\" data-zh=\"站点\" aria-label=\"Site\">");
        page.Append(back ? Link(LabReport.IndexName, Both(("All labs", "所有实验"))) : "<strong>Thalweg</strong>");
        page.Append("</nav><span><button type=\"button\" id=\"theme\" data-en=\"Light or dark\" data-zh=\"浅色或深色\" aria-label=\"Light or "
            + "dark\">◐</button> <button type=\"button\" data-language><span lang=\"en\">中文</span><span "
            + "lang=\"zh\">English</span></button></span></header>\n");
        page.Append($"<main id=\"main\">\n{body}\n</main>\n<footer>{Both(("Written by thalweg lab report. Verdicts are computed from figures, never from seconds.", "由 thalweg lab report 生成。结论由数值计算得出，从不依据时间。"))}</footer>\n");
        page.Append($"<script>{Resource("labs.js")}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(PageWriter).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
