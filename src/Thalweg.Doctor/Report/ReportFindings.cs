using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Each finding with its evidence and fixes, then what is suspected.</summary>
internal static class ReportFindings
{
    /// <summary>Confidence from which a suspicion is shown, and how many.</summary>
    private const double LeastSuspicion = 0.1;

    private const int MostSuspicions = 8;

    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        Finding[] suspicions = [.. SuspicionsOf(examination)];
        if (!examination.Confident.Any() && suspicions.Length == 0)
            return;

        page.BeginSection("findings", texts["report.findings"]);
        foreach (Finding finding in examination.Confident)
            Finding(page, finding, ReportTimeline.IdOf(finding, examination), texts);

        if (suspicions.Length > 0)
            Suspicions(page, suspicions, texts);

        page.EndSection();
    }

    public static IEnumerable<Finding> SuspicionsOf(Examination examination) => examination.Findings
        .Where(finding => finding.Confidence is >= LeastSuspicion and < Examination.FindingThreshold).Take(MostSuspicions);

    /// <summary>The side of the threshold on which a value speaks for the finding.</summary>
    public static string ThresholdOf(Evidence evidence, DoctorTexts texts) => texts.Format(
        evidence.IsAbove ? "report.at_least" : "report.at_most", ReportNumbers.Figure(evidence.Threshold));

    private static void Finding(HtmlText page, Finding finding, string id, DoctorTexts texts)
    {
        page.Add($"<article class=\"finding\" aria-labelledby=\"{id}\"><h3 id=\"{id}\">{ReportTimeline.Summary(finding, texts)}</h3>");
        page.Add($"<p class=\"confidence\"><span class=\"track\"><span style=\"width:{ReportNumbers.Plain(100 * finding.Confidence)}%\"></span></span>");
        page.Add($"<span>{texts.Format("report.confidence", ReportNumbers.Share(finding.Confidence))}</span></p>");
        page.Add($"<p>{finding.Cause.Why(texts.Language)}</p>");
        if (finding.Note is { } note)
            page.Add($"<p class=\"note\">{ReportNumbers.Safe(note)}</p>");

        page.AddTable(
            texts["words.evidence"],
            [ReportNumbers.Title(texts["words.evidence"]), texts["report.value"], texts["report.threshold"], $"\t{texts["report.source"]}"],
            finding.Evidence.Select(item => (string[])
            [
                item.Layer.Length == 0 ? item.Name(texts.Language) : $"{item.Name(texts.Language)} [{item.Layer}]",
                ReportNumbers.Figure(item.Value), ThresholdOf(item, texts), SourceOf(item, texts),
            ]));
        if (finding.Experiment is { } experiment)
            page.Add($"<p>{ReportNumbers.Title(texts["words.experiment"])}: {texts[$"experiment.{experiment}"]}.</p>");

        Fixes(page, finding, texts);
        page.Add($"<p class=\"muted small\">{texts.Format("report.described", finding.Cause.Source)}");
        if (finding.Cause.Claim.Length > 0)
            page.Add($"{texts.Format("report.claim", finding.Cause.Claim)}");

        page.Add($"</p></article>");
    }

    private static void Fixes(HtmlText page, Finding finding, DoctorTexts texts)
    {
        if (finding.Fixes.Count == 0)
            return;

        page.Add($"<h4>{texts["report.fixes"]}</h4><ol class=\"fixes\">");
        foreach (Fix fix in finding.Fixes)
        {
            page.Add($"<li>{fix.Text(texts.Language)}");
            foreach (RecipeDifference change in fix.Changes)
            {
                page.Add($"<br><code>{change.Path}: {ReportNumbers.Safe(change.Old ?? ReportNumbers.None)} → ");
                page.Add($"{ReportNumbers.Safe(change.New ?? ReportNumbers.None)}</code>");
            }

            page.Add($"</li>");
        }

        page.Add($"</ol>");
    }

    private static void Suspicions(HtmlText page, Finding[] suspicions, DoctorTexts texts)
    {
        page.Add($"<h3>{texts["report.suspicions"]}</h3><p class=\"muted\">{texts["report.suspicions_note"]}</p>");
        page.AddTable(
            texts["report.suspicions"],
            [ReportNumbers.Title(texts["words.suspicion"]), texts["report.confidence_column"], $"\t{ReportNumbers.Title(texts["words.evidence"])}"],
            suspicions.Select(finding => (string[])
            [
                ReportTimeline.Summary(finding, texts), ReportNumbers.Share(finding.Confidence),
                finding.Evidence.Count == 0 ? "" : finding.Evidence.MinBy(item => item.Strength)!.Text(texts.Language),
            ]));
    }

    private static string SourceOf(Evidence evidence, DoctorTexts texts) =>
        evidence.Source == Evidence.Calibrated ? texts["report.calibrated"] : evidence.Source;
}
