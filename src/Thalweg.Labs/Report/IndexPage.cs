using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>The first page of the site.</summary>
internal static class IndexPage
{
    /// <summary>Labs that answer what beginners ask first.</summary>
    private static readonly (LabText Question, string[] Labs)[] s_first =
    [
        (("Which start for a deep tanh net?", "深层 tanh 网络该怎样初始化？"), ["xavier"]),
        (("Which start for a deep ReLU net?", "深层 ReLU 网络该怎样初始化？"), ["he"]),
        (("Why does my loss jump?", "我的损失为什么会突然跳变？"), ["cliffs", "rate-decay"]),
        (("What does momentum buy me?", "动量能带来什么？"), ["terminal-velocity", "random-walk"]),
        (("Which optimizer should I take?", "我该选哪个优化器？"), ["choosing"]),
    ];

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
        body.Append(PageWriter.Heading(2, ("Where to begin", "从这里开始"))).Append("<ul>");
        foreach ((LabText question, string[] names) in s_first)
        {
            string[] known = [.. names.Where(name => results.Any(pair => pair.Lab.Name == name))];
            if (known.Length > 0)
                body.Append($"<li>{PageWriter.Both(question)} ").AppendJoin(", ", known
                    .Select(name => PageWriter.Link(LabPage.NameOf(name), Svg.Encode(name)))).Append("</li>");
        }

        if (LabPlayground.IsAvailable)
            body.Append($"<li>{PageWriter.Link(LabPlayground.FileName, PageWriter.Both(("Playground: race optimizers, watch signals",
                "试验场：让优化器竞赛，观察信号")))}</li>");
        body.Append($"</ul>\n{PageWriter.Heading(2, ("All labs", "所有实验"))}<p><input type=\"search\" aria-label=\"Search\" "
            + $"data-en=\"Search\" data-zh=\"搜索\"></p>\n");
        foreach (IGrouping<string, (Lab Lab, LabResult Result)> group in results.GroupBy(pair => pair.Lab.Group)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
            Group(body, group);
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
