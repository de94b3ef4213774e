using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>What came of trying the fixes.</summary>
internal static class ReportProof
{
    public static void Write(HtmlText page, Proof? proof, DoctorTexts texts)
    {
        if (proof is null)
            return;

        page.BeginSection("proof", ReportNumbers.Title(texts["words.proof"]));
        page.Add($"<p class=\"muted\">{texts["report.proof_note"]}</p>");
        if (proof.Attempts.Count == 0)
        {
            page.Add($"<p>{texts["words.nothing_to_prove"]}</p>");
        }
        else
        {
            page.AddTable(texts["words.proof"], ColumnsOf(texts), proof.Attempts.Select(attempt => RowOf(attempt, texts)));
            Bars(page, proof, texts);
        }

        page.EndSection();
    }

    public static string[] ColumnsOf(DoctorTexts texts) =>
    [
        ReportNumbers.Title(texts["words.fix"]), $"\t{ReportNumbers.Title(texts["words.finding_label"])}", texts["report.metric"], texts["report.loss_share"], texts["report.cost_column"],
        $"\t{texts["report.result"]}",
    ];

    public static string[] RowOf(ProofAttempt attempt, DoctorTexts texts) =>
    [
        ReportNumbers.Safe(attempt.Fix.ToString()), attempt.Finding.Cause.Name(texts.Language),
        Change(attempt.Before.Metric, attempt.After?.Metric), Change(attempt.Before.Loss, attempt.After?.Loss),
        ReportNumbers.Figure(attempt.Cost),
        attempt.Failure is { } failure ? texts.Format("report.failed", ReportNumbers.Safe(failure))
            : texts[attempt.Helps ? "report.helps" : "report.does_not_help"],
    ];

    private static string Change(double before, double? after) =>
        after is { } value ? $"{ReportNumbers.Figure(before)} → {ReportNumbers.Figure(value)}" : ReportNumbers.Figure(before);

    /// <summary>The validation metric before and with each fix, as bars.</summary>
    private static void Bars(HtmlText page, Proof proof, DoctorTexts texts)
    {
        ProofAttempt[] tried = [.. proof.Attempts.Where(attempt => attempt.After is not null && double.IsFinite(attempt.After.Metric))];
        if (tried.Length == 0 || !double.IsFinite(tried[0].Before.Metric))
            return;

        page.Add($"<h3>{texts["report.metric"]}</h3><ul class=\"bars\">");
        Bar(page, ReportNumbers.Title(texts["report.before"]), tried[0].Before.Metric, "before");
        foreach (ProofAttempt attempt in tried)
            Bar(page, ReportNumbers.Safe(attempt.Fix.ToString()), attempt.After!.Metric, attempt.Helps ? "helps" : "fails");

        page.Add($"</ul>");
    }

    private static void Bar(HtmlText page, string name, double metric, string kind)
    {
        page.Add($"<li><span>{name}</span> <strong>{ReportNumbers.Figure(metric)}</strong>");
        page.Add($"<span class=\"track\"><span class=\"{kind}\" style=\"width:{ReportNumbers.Plain(100 * Math.Clamp(metric, 0, 1))}%\"></span></span></li>");
    }
}
