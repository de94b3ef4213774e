using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>The pictures of the source documents, drawn again, beside the numbers that the documents give.</summary>
internal static class SourcesPage
{
    /// <summary>Name of the page's file.</summary>
    public const string FileName = "sources.html";

    /// <summary>What the page is called.</summary>
    public static LabText Title => ("The pictures of the sources, drawn again", "重画原文的图");

    /// <summary>The page; null where none of its labs was run.</summary>
    /// <param name="results">The labs with what they found.</param>
    public static string? Make(IReadOnlyList<(Lab Lab, LabResult Result)> results)
    {
        StringBuilder body = new();
        int number = 0;
        foreach (SourcePicture picture in SourcePicture.All)
        {
            if (results.FirstOrDefault(pair => pair.Lab.Name == picture.Lab).Result is { } result)
                Append(body, picture, result, ++number);
        }

        if (number == 0)
            return null;
        LabText preface = (
            "The source documents show these pictures, most of them without a number. Here each is drawn from a measurement of this "
                + "report, beside what the documents say; the pictures of the documents themselves are not copied.",
            "原文给出了这些图，多数没有数字。这里的每幅图都由本报告的测量画出，旁边列出原文的说法；原文的图并未复制。");
        return PageWriter.Page(Title, $"{PageWriter.Heading(1, Title)}<p>{PageWriter.Both(preface)}</p>\n{body}", back: true);
    }

    private static void Append(StringBuilder body, SourcePicture picture, LabResult result, int number)
    {
        string set = SetOf(result);
        body.Append(PageWriter.Heading(2, picture.Title)).Append($"<p>{PageWriter.Badge(result.Verdict)} "
            + $"{PageWriter.Link(LabPage.NameOf(picture.Lab), PageWriter.Both(($"the lab {picture.Lab}", $"实验 {picture.Lab}")))}</p>\n");
        body.Append("<div class=\"wide\" tabindex=\"0\" role=\"region\" data-en=\"Numbers\" data-zh=\"数字\" aria-label=\"Numbers\">"
            + "<table><thead><tr>");
        foreach (LabText column in (LabText[])[("what", "内容"), ("the document", "原文"),
            ("measured here, with its 95 % interval", "此处测得，附 95 % 区间")])
        {
            body.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        }

        body.Append("</tr></thead><tbody>");
        foreach (SourceNumber row in picture.Numbers)
        {
            LabFigure figure = result.FigureOf(row.Figure.Replace(SourcePicture.Set, set, StringComparison.Ordinal));
            body.Append($"<tr><th scope=\"row\">{PageWriter.Both(row.What)}</th><td>{row.Source}: {PageWriter.Both(row.Given)}</td>"
                + $"<td>{LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High)}</td></tr>");
        }

        body.Append("</tbody></table></div>\n");
        int drawn = 0;
        foreach (string start in picture.Pictures.Select(title => title.Replace(SourcePicture.Set, set, StringComparison.Ordinal)))
        {
            foreach (LabPicture found in result.Pictures.Where(each => each.Title.English.StartsWith(start, StringComparison.Ordinal)))
                body.Append(PictureWriter.Figure(found, $"source-{number}-{++drawn}"));
        }
    }

    /// <summary>The data set to show: that of the documents where the lab ran on it.</summary>
    private static string SetOf(LabResult result) =>
        result.Figures.Any(figure => figure.Name.EndsWith("-mnist", StringComparison.Ordinal)
            && !figure.Name.EndsWith("-fashion-mnist", StringComparison.Ordinal)) ? "mnist" : "glyphs";
}
