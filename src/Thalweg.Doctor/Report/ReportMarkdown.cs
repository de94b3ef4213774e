using System.Text;

namespace Thalweg.Diagnosis;

/// <summary>The report as Markdown: what the page says in words and tables.</summary>
internal static class ReportMarkdown
{
    public static string Of(DoctorReport report)
    {
        DoctorTexts texts = DoctorTexts.For(report.Language);
        Examination examination = report.Examination;
        StringBuilder text = new();
        Line(text, $"# {Escape(ReportHead.TitleOf(report, texts))}");
        Line(text, $"**{Escape(ReportHead.VerdictOf(examination, texts))}**");
        if (ReportHead.ProofOf(report.Proof, texts) is { } proof)
            Line(text, Escape(proof));

        foreach (string fact in ReportHead.FactsOf(examination, texts))
            Line(text, Escape(fact));

        Findings(text, examination, texts);
        if (report.Proof is { } tried)
        {
            Line(text, $"## {ReportNumbers.Title(texts["words.proof"])}");
            if (tried.Attempts.Count == 0)
                Line(text, texts["words.nothing_to_prove"]);
            else
                Table(text, ReportProof.ColumnsOf(texts), tried.Attempts.Select(attempt => ReportProof.RowOf(attempt, texts)));
        }

        if (examination.Epochs.Count > 0)
        {
            Line(text, $"## {texts["report.curves"]}");
            Table(text, ReportCurves.ColumnsOf(texts), ReportCurves.RowsOf(examination.Epochs));
        }

        foreach (HeatMap map in ReportHeatMaps.MapsOf(examination))
            Map(text, map, texts);

        if (examination.Experiments.Count > 0)
        {
            Line(text, $"## {texts["report.experiments"]}");
            Table(text, ReportExperiments.ColumnsOf(texts), examination.Experiments.Select(item => ReportExperiments.RowOf(item, texts)));
        }

        if (examination.Unavailable.Count > 0)
        {
            Line(text, $"## {ReportNumbers.Title(texts["words.unavailable"])}");
            Line(text, string.Join('\n', examination.Unavailable.Select(line => $"- {Escape(ReportNumbers.Safe(line))}")));
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static void Findings(StringBuilder text, Examination examination, DoctorTexts texts)
    {
        foreach (Finding finding in examination.Confident)
        {
            Line(text, $"## {Escape(finding.Text(texts.Language))}");
            Line(text, Escape(finding.Cause.Why(texts.Language)));
            if (finding.Note is { } note)
                Line(text, $"> {Escape(ReportNumbers.Safe(note))}");

            Table(
                text, [ReportNumbers.Title(texts["words.evidence"]), texts["report.value"], texts["report.threshold"], texts["report.source"]],
                finding.Evidence.Select(item => (string[])
                [
                    item.Layer.Length == 0 ? item.Name(texts.Language) : $"{item.Name(texts.Language)} [{item.Layer}]",
                    ReportNumbers.Figure(item.Value), ReportFindings.ThresholdOf(item, texts), item.Source,
                ]));
            foreach ((int i, Fix fix) in finding.Fixes.Index())
            {
                string changes = string.Concat(fix.Changes.Select(change => $" `{ReportNumbers.Safe(change.ToString())}`"));
                text.Append(i + 1).Append(". ").Append(Escape(fix.Text(texts.Language))).Append(changes).Append('\n');
            }

            text.Append('\n');
        }

        Finding[] suspicions = [.. ReportFindings.SuspicionsOf(examination)];
        if (suspicions.Length == 0)
            return;

        Line(text, $"## {texts["report.suspicions"]}");
        Line(text, string.Join('\n', suspicions.Select(finding => $"- {Escape(finding.Text(texts.Language))}")));
    }

    private static void Map(StringBuilder text, HeatMap map, DoctorTexts texts)
    {
        int[] columns = [.. new[] { 0, map.Steps.Count / 3, 2 * map.Steps.Count / 3, map.Steps.Count - 1 }.Distinct()];
        Line(text, $"## {texts[$"report.map.{map.Key}"]}");
        Table(
            text, [texts["report.layer"], .. columns.Select(column => texts.Format("report.step", ReportNumbers.Count(map.Steps[column])))],
            map.Rows.Select((name, row) => (string[])[name, .. columns.Select(column => ReportNumbers.Figure(map.Values[row][column]))]));
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append("| ").AppendJoin(" | ", columns.Select(column => Cell(column.TrimStart('\t')))).Append(" |\n");
        text.Append('|').Insert(text.Length, "---|", columns.Count).Append('\n');
        foreach (IReadOnlyList<string> row in rows)
            text.Append("| ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");

        text.Append('\n');
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\n\n");

    private static string Cell(string text) => Escape(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Names cannot become markup.</summary>
    private static string Escape(string text) => text.ReplaceLineEndings(" ").Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal);
}
