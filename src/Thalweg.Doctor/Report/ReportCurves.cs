using Thalweg.Metrics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Loss and metric over the epochs.</summary>
internal static class ReportCurves
{
    private const int MostRows = 40;

    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        IReadOnlyList<EpochReport> epochs = examination.Epochs;
        if (epochs.Count == 0)
            return;

        page.BeginSection("curves", texts["report.curves"]);
        page.Add($"<p class=\"muted\">{texts["report.curves_note"]}</p><div class=\"split\">");
        double perStep = (double)epochs.Count / Math.Max(1, ReportTimeline.StepsOf(examination));
        (string, IReadOnlyList<double>) axis =
            (texts["report.epoch"], [.. examination.Confident.Select(finding => 1 + (finding.Step * perStep)).Where(at => at <= epochs.Count)]);
        ReportPlot.Write(page, texts["report.loss"], Lines(epochs, evaluation => evaluation.Loss, texts), axis);
        ReportPlot.Write(page, ReportNumbers.Title(PageText.Name(epochs[0].Training.MetricName)), Lines(epochs, evaluation => evaluation.Metric, texts), axis);
        page.Add($"</div><details><summary>{texts["report.epochs_table"]}</summary>");
        page.AddTable(texts["report.epochs_table"], ColumnsOf(texts), RowsOf(epochs));
        page.Add($"</details>");
        page.EndSection();
    }

    public static string[] ColumnsOf(DoctorTexts texts) =>
    [
        texts["report.epoch"], texts["report.training_loss"], texts["report.validation_loss"], texts["report.training_metric"],
        texts["report.validation_metric"], texts["report.rate"],
    ];

    public static IEnumerable<string[]> RowsOf(IReadOnlyList<EpochReport> epochs)
    {
        int every = (epochs.Count + MostRows - 1) / MostRows;
        return epochs.Where((_, index) => index % every == 0 || index == epochs.Count - 1).Select(epoch => (string[])
        [
            ReportNumbers.Count(epoch.Epoch + 1), ReportNumbers.Figure(epoch.Training.Loss), ReportNumbers.Figure(epoch.Validation.Loss),
            ReportNumbers.Figure(epoch.Training.Metric), ReportNumbers.Figure(epoch.Validation.Metric), ReportNumbers.Figure(epoch.LearningRate),
        ]);
    }

    private static ReportLine[] Lines(IReadOnlyList<EpochReport> epochs, Func<Evaluation, double> value, DoctorTexts texts) =>
    [
        new(texts["report.training"], "first", [.. epochs.Select(epoch => ((double)epoch.Epoch + 1, value(epoch.Training)))]),
        new(texts["report.validation"], "second",
            [.. epochs.Where(epoch => epoch.IsEvaluated).Select(epoch => ((double)epoch.Epoch + 1, value(epoch.Validation)))]),
    ];
}
