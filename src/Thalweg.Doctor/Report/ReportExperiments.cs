using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>The experiments, and what could not be measured.</summary>
internal static class ReportExperiments
{
    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        if (examination.Experiments.Count > 0)
        {
            page.BeginSection("experiments", texts["report.experiments"]);
            page.Add($"<p class=\"muted\">{ReportNumbers.Title(texts.Format("words.cost", ReportNumbers.Figure(examination.Cost)))}.</p>");
            page.AddTable(texts["report.experiments"], ColumnsOf(texts), examination.Experiments.Select(item => RowOf(item, texts)));
            page.EndSection();
        }

        if (examination.Unavailable.Count == 0)
            return;

        page.BeginSection("missing", ReportNumbers.Title(texts["words.unavailable"]));
        page.Add($"<ul>");
        foreach (string line in examination.Unavailable)
            page.Add($"<li>{ReportNumbers.Safe(line)}</li>");

        page.Add($"</ul>");
        page.EndSection();
    }

    public static string[] ColumnsOf(DoctorTexts texts) =>
        [texts["report.experiment"], $"\t{texts["report.detail"]}", $"\t{texts["report.result"]}", texts["report.cost_column"]];

    public static string[] RowOf(ExperimentResult item, DoctorTexts texts) =>
    [
        item.Name(texts.Language), ReportNumbers.Safe(item.Detail),
        item.Failure is { } failure ? texts.Format("report.failed", ReportNumbers.Safe(failure))
            : string.Join("; ", item.Values.Select(value => $"{value.Name(texts.Language)} {ReportNumbers.Figure(value.Value)}")),
        ReportNumbers.Figure(item.Work),
    ];
}
