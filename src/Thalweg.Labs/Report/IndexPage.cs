using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>The first page of the site.</summary>
internal static class IndexPage
{
    /// <summary>The page.</summary>
    /// <param name="results">The labs with what they found.</param>
    /// <param name="options">How they were run.</param>
    public static string Make(IReadOnlyList<(Lab Lab, LabResult Result)> results, LabRunOptions options)
    {
        LabText title = ("What is true of training deep networks?", "关于训练深度网络，哪些说法是对的？");
        StringBuilder body = new();
        body.Append(PageWriter.Heading(1, title));
        body.Append($"<p>{PageWriter.Both((
            $"Five documents make {results.Count} claims about how deep networks start, learn and generalize. Each is an experiment "
                + $"here, whose verdict is computed from its figures: it can be wrong, and each page says what would have refuted the "
                + $"claim.",
            $"五份文档对深度网络的初始化、学习与泛化提出了 {results.Count} 个论断。每个论断在这里都是一个实验，结论由数值计算得出：它可能不成立，每一页都写明怎样才算被推翻。"))}</p>\n<p>");
        body.AppendJoin(" ", results.GroupBy(pair => pair.Result.Verdict).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {PageWriter.Badge(group.Key)}"));
        body.Append("</p>\n");
        body.Append(PageWriter.Heading(2, ("What people ask first", "常见问题")));
        body.Append($"<p>{PageWriter.Both(ReaderQuestion.Words)}</p>\n");
        foreach (ReaderQuestion question in ReaderQuestion.All)
            question.Append(body, results);
        body.Append("<ul>");
        if (results.Any(pair => SourcePicture.All.Any(picture => picture.Lab == pair.Lab.Name)))
            body.Append($"<li>{PageWriter.Link(SourcesPage.FileName, PageWriter.Both(SourcesPage.Title))}</li>");
        if (LabPlayground.IsAvailable)
        {
            body.Append($"<li>{PageWriter.Link(LabPlayground.FileName, PageWriter.Both(("Playground: race optimizers, watch signals",
                "试验场：让优化器竞赛，观察信号")))}</li>");
        }

        body.Append($"</ul>\n{PageWriter.Heading(2, ("All labs", "所有实验"))}<p><input type=\"search\" aria-label=\"Search\" "
            + $"data-en=\"Search\" data-zh=\"搜索\"></p>\n");
        foreach (IGrouping<string, (Lab Lab, LabResult Result)> group in results.GroupBy(pair => pair.Lab.Group)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Group(body, group);
        }

        string mode = options.Mode == LabMode.Full ? "--full" : "--quick";
        body.Append($"<p class=\"soft\"><code>thalweg lab report {mode}</code></p>");
        return PageWriter.Page(title, body.ToString(), back: false);
    }

    private static void Group(StringBuilder body, IGrouping<string, (Lab Lab, LabResult Result)> group)
    {
        body.Append(PageWriter.Heading(3, LabWords.Group(group.Key))).Append("<div class=\"wide\" tabindex=\"0\"><table "
            + "class=\"labs\"><thead><tr>");
        foreach (LabText column in (LabText[])[("question", "问题"), ("verdict", "结论"), ("claim", "论断")])
            body.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        body.Append("</tr></thead><tbody>");
        foreach ((Lab lab, LabResult result) in group)
        {
            body.Append($"<tr><th scope=\"row\">{PageWriter.Link(LabPage.NameOf(lab.Name), PageWriter.Both(lab.Question))}<br><code>{Svg.Encode(lab.Name)}</code></th>");
            body.Append($"<td>{PageWriter.Badge(result.Verdict)}</td><td>{PageWriter.Both(lab.Claim.Statement)}</td></tr>");
        }

        body.Append("</tbody></table></div>\n");
    }
}
