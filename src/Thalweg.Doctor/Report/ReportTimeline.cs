using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>When each finding showed first.</summary>
internal static class ReportTimeline
{
    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        Finding[] findings = [.. examination.Confident.OrderBy(finding => finding.Step)];
        if (findings.Length == 0)
            return;

        double steps = Math.Max(1, StepsOf(examination));
        page.BeginSection("timeline", texts["report.timeline"]);
        page.Add($"<p class=\"muted\">{texts["report.timeline_note"]}</p><ol class=\"timeline\">");
        foreach (Finding finding in findings)
        {
            double begin = Math.Clamp(100 * finding.Step / steps, 0, 99);
            page.Add($"<li><a href=\"#{IdOf(finding, examination)}\">{Summary(finding, texts)}</a> ");
            page.Add($"<span class=\"muted\">{texts.Format("report.from_step", ReportNumbers.Count(finding.Step))}</span>");
            page.Add($"<span class=\"track\"><span style=\"margin-left:{ReportNumbers.Plain(begin)}%;opacity:");
            page.Add($"{ReportNumbers.Plain(Math.Clamp(finding.Confidence, 0.35, 1))}\"></span></span></li>");
        }

        page.Add($"</ol><div class=\"ends muted\"><span>{texts.Format("report.step", 0)}</span>");
        page.Add($"<span>{texts.Format("report.step", ReportNumbers.Count((long)steps))}</span></div>");
        page.EndSection();
    }

    /// <summary>Steps of the run, as far as they are known.</summary>
    public static long StepsOf(Examination examination) => Math.Max(
        examination.Outcome?.Steps ?? 0,
        examination.Readings.Count == 0 ? 0 : examination.Readings.Max(reading => reading.Step) + 1);

    /// <summary>Where the page describes a finding.</summary>
    public static string IdOf(Finding finding, Examination examination) =>
        $"finding-{1 + examination.Confident.ToList().IndexOf(finding)}";

    /// <summary>Name and layer.</summary>
    public static string Summary(Finding finding, DoctorTexts texts) => finding.Layer.Length == 0
        ? finding.Cause.Name(texts.Language)
        : texts.Format("words.at_layer", finding.Cause.Name(texts.Language), finding.Layer);
}
