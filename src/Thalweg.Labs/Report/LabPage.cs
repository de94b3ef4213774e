using System.Globalization;
using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>The page of a lab.</summary>
internal static class LabPage
{
    /// <summary>Name of the page's file.</summary>
    public static string NameOf(string lab) => $"{lab}.html";

    /// <summary>The page.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="result">What it found.</param>
    public static string Make(Lab lab, LabResult result)
    {
        StringBuilder body = new();
        body.Append($"<p class=\"soft\">{PageWriter.Both(LabWords.Group(lab.Group))} · "
            + $"<code>{Svg.Encode(lab.Name)}</code></p>\n{PageWriter.Heading(1, lab.Question)}\n");
        body.Append($"<p>{PageWriter.Badge(result.Verdict)}</p>\n");
        Claim(body, lab);
        body.Append(PageWriter.Heading(2, ("The experiment", "实验"))).Append($"<p>{PageWriter.Both(lab.Method)}</p>\n");
        Numbers(body, lab, result);
        body.Append(PageWriter.Heading(2, ("Pictures", "图")));
        for (int i = 0; i < result.Pictures.Count; i++)
            body.Append(PictureWriter.Figure(result.Pictures[i], $"{lab.Name}-{i + 1}"));
        Figures(body, result);
        Again(body, lab, result);
        if (lab.Code.Length > 0)
        {
            body.Append(PageWriter.Heading(2, ("The code of the experiment",
                "实验代码"))).Append($"<pre tabindex=\"0\"><code>{Svg.Encode(lab.Code)}</code></pre>\n");
        }

        return PageWriter.Page(new LabText($"{lab.Name}: {lab.Question.English}", $"{lab.Name}：{lab.Question.Chinese}"), body.ToString(),
            back: true);
    }

    private static void Claim(StringBuilder body, Lab lab)
    {
        body.Append(PageWriter.Heading(2, ("The claim", "论断"))).Append($"<p><strong>{PageWriter.Both(lab.Claim.Statement)}</strong></p>\n");
        foreach (LabQuote quote in lab.Claim.Quotes)
        {
            body.Append($"<blockquote><p>{Svg.Encode(quote.Chinese)}</p><p lang=\"en\">{Svg.Encode(quote.English)}</p>");
            body.Append($"<p class=\"by\">{PageWriter.Both(($"Source document {quote.Source}", $"源文档 {quote.Source}"))}</p></blockquote>\n");
        }

        body.Append($"<div class=\"formula\"><math display=\"block\">{lab.Claim.Formula}</math></div>\n");
    }

    /// <summary>The criteria with their figures, and what would have refuted the claim.</summary>
    private static void Numbers(StringBuilder body, Lab lab, LabResult result)
    {
        body.Append(PageWriter.Heading(2, ("The verdict",
            "结论"))).Append($"<p>{PageWriter.Badge(result.Verdict)}</p>\n<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        foreach (LabText column in (LabText[])[("figure", "数值"), ("mean and 95 % interval", "均值与 95 % 区间"), ("threshold", "阈值"),
            ("criterion", "判据")])
        {
            body.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        }

        body.Append("</tr></thead><tbody>");
        foreach (LabCriterion criterion in result.Criteria)
        {
            LabFigure figure = result.FigureOf(criterion.Figure);
            string essential = criterion.IsEssential ? $" <span class=\"soft\">({PageWriter.Both(("essential", "必要"))})</span>" : "";
            body.Append($"<tr><th scope=\"row\">{PageWriter.Both(figure.Label)}</th><td>{LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High)}</td>");
            body.Append($"<td>{LabWords.Sign(criterion.Relation)} "
                + $"{LabWords.Number(criterion.Threshold)}</td><td>{PageWriter.Both(LabWords.Of(criterion.Outcome))}{essential}</td></tr>");
        }

        body.Append("</tbody></table></div>\n");
        body.Append(PageWriter.Heading(3, ("What would have refuted it", "怎样才算被推翻"))).Append($"<p>{PageWriter.Both(lab.Refutation)}</p>\n");
        if (lab.Limits.English.Length > 0)
            body.Append(PageWriter.Heading(3, ("What decides it", "取决于什么"))).Append($"<p>{PageWriter.Both(lab.Limits)}</p>\n");
    }

    private static void Figures(StringBuilder body, LabResult result)
    {
        body.Append(PageWriter.Heading(2, ("All figures", "所有数值"))).Append("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        foreach (LabText column in (LabText[])[("figure", "数值"), ("mean and 95 % interval", "均值与 95 % 区间"),
            ("value for each seed", "各种子的值")])
        {
            body.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        }

        body.Append("</tr></thead><tbody>");
        foreach (LabFigure figure in result.Figures)
        {
            body.Append($"<tr><th scope=\"row\">{PageWriter.Both(figure.Label)}</th><td>{LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High)}</td>");
            body.Append($"<td>{string.Join(", ", figure.Values.Select(LabWords.Number))}</td></tr>");
        }

        body.Append("</tbody></table></div>\n");
    }

    /// <summary>How to run it again, and with something else under test.</summary>
    private static void Again(StringBuilder body, Lab lab, LabResult result)
    {
        string mode = result.Mode == LabMode.Full ? "--full" : "--quick";
        string changed = string.Concat(lab.Options.Where(option => result.Settings.TryGetValue(option.Name, out string? value)
            && value != option.Default)
            .Select(option => $" --set \"{option.Name}={result.Settings[option.Name]}\""));
        body.Append(PageWriter.Heading(2, ("Run it again", "再次运行")));
        body.Append($"<pre tabindex=\"0\"><code>thalweg lab run {Svg.Encode(lab.Name)} {mode} --seeds "
            + $"{result.Seeds}{Svg.Encode(changed)}</code></pre>\n");
        string updates = result.Updates.ToString("N0", CultureInfo.InvariantCulture),
            seconds = result.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
        body.Append($"<p class=\"soft\">{PageWriter.Both(($"Seeds 1 to {result.Seeds}; {updates} updates of weights; took {seconds} s", $"种子 1 至 {result.Seeds}；权重更新 {updates} 次；用时 {seconds} 秒"))}</p>\n");
        if (lab.Options.Count == 0)
            return;
        body.Append($"<p>{PageWriter.Both(("What can be replaced, with --set OPTION=TEXT:", "可用 --set OPTION=TEXT 替换："))}</p><ul>");
        foreach (LabOption option in lab.Options)
            body.Append($"<li><code>{Svg.Encode(option.Name)}={Svg.Encode(option.Default)}</code>: {PageWriter.Both(option.Summary)}</li>");
        body.Append("</ul>\n");
    }
}
