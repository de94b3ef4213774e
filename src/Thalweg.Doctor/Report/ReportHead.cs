using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>The head of the page: what was found in a sentence, and the run.</summary>
internal static class ReportHead
{
    public static string TitleOf(DoctorReport report, DoctorTexts texts) => texts.Format("report.title", ReportNumbers.Safe(report.Title));

    public static void Write(HtmlText page, DoctorReport report, DoctorTexts texts)
    {
        page.Add($"<h1>{TitleOf(report, texts)}</h1>");
        page.Add($"<p class=\"verdict\"><strong>{VerdictOf(report.Examination, texts)}</strong></p>");
        if (ProofOf(report.Proof, texts) is { } proof)
            page.Add($"<p>{proof}</p>");

        foreach (string line in FactsOf(report.Examination, texts))
            page.Add($"<p class=\"muted\">{line}</p>");
    }

    public static string VerdictOf(Examination examination, DoctorTexts texts)
    {
        Finding[] findings = [.. examination.Confident];
        return findings.Length == 0
            ? texts["report.verdict_none"]
            : texts.Format("report.verdict", findings.Length, findings[0].Text(texts.Language));
    }

    /// <summary>What came of the proof, in a sentence; null where nothing was tried.</summary>
    public static string? ProofOf(Proof? proof, DoctorTexts texts) =>
        proof is not { Attempts.Count: > 0 } ? null
        : proof.Best is { After: { } after } best ? texts.Format(
            "report.repaired", ReportNumbers.Safe(best.Fix.ToString()), ReportNumbers.Figure(best.Before.Metric), ReportNumbers.Figure(after.Metric))
        : texts["words.not_repaired"];

    public static IEnumerable<string> FactsOf(Examination examination, DoctorTexts texts)
    {
        if (examination.Recipe is { } recipe)
        {
            yield return ReportNumbers.Safe(texts.Format(
                "report.facts", recipe.Data.Source, recipe.Network.Layers ?? "", recipe.GetText("training.optimizer.name") ?? ""));
        }

        if (examination.Outcome is not { } outcome)
            yield break;

        yield return texts.Format(
            "report.length", ReportNumbers.Count(examination.Epochs.Count), ReportNumbers.Count(outcome.Steps),
            texts[$"report.end.{outcome.Reason}"]);
        yield return texts.Format(
            "report.outcome", ReportNumbers.Figure(outcome.Metric), ReportNumbers.Figure(outcome.Loss),
            ReportNumbers.Figure(outcome.TrainingMetric), ReportNumbers.Figure(outcome.TrainingLoss));
    }
}
