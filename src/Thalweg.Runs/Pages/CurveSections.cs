using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Loss and metric over the epochs.</summary>
internal static class CurveSections
{
    /// <summary>Epochs up to which each has a row.</summary>
    private const int MostRows = 200;

    public static void Write(HtmlText page, RunReport report)
    {
        IReadOnlyList<EpochReport> epochs = report.Record.Epochs;
        if (epochs.Count == 0)
            return;
        string name = epochs[0].Training.MetricName;
        page.BeginSection("curves", "Learning curves");
        page.Add($"<p class=\"muted\">Training figures are means over the batches of an epoch, each before its update; validation figures ");
        page.Add($"are taken after the epoch{(report.Kept is null ? "" : ". The dashed upright line is the epoch whose weights were kept")}.</p>");
        page.Add($"<div class=\"split\"><div><h3>Loss</h3><div class=\"plot\" data-chart=\"loss\"></div></div>");
        if (epochs.Any(epoch => double.IsFinite(epoch.Training.Metric) || double.IsFinite(epoch.Validation.Metric)))
            page.Add($"<div><h3>{char.ToUpperInvariant(name[0])}{name[1..]}</h3><div class=\"plot\" data-chart=\"metric\"></div></div>");
        page.Add($"</div>");
        Table(page, report, epochs, name);
        page.EndSection();
    }

    private static void Table(HtmlText page, RunReport report, IReadOnlyList<EpochReport> epochs, string name)
    {
        int every = (epochs.Count + MostRows - 1) / MostRows;
        string[] others = [.. epochs.Select(epoch => epoch.Validation.Others).FirstOrDefault(values => values is not null)?
            .Select(value => value.Name) ?? []];
        page.Add($"<details><summary>The epochs as a table</summary>");
        if (every > 1)
            page.Add($"<p class=\"muted\">One of {every} epochs is shown; run.json has all.</p>");
        page.AddTable(
            "Table of the epochs",
            ["Epoch", "Training loss", "Validation loss", $"Training {name}", $"Validation {name}", .. others.Select(PageText.Name), "Learning rate", "Time"],
            epochs.Where((epoch, index) => index % every == 0 || epoch == report.Kept || index == epochs.Count - 1).Select(epoch => (string[])
            [
                PageText.Count(epoch.Epoch + 1) + (epoch == report.Kept ? ", kept" : ""),
                PageText.Figure(epoch.Training.Loss), PageText.Figure(epoch.Validation.Loss),
                PageText.Metric(name, epoch.Training.Metric), PageText.Metric(name, epoch.Validation.Metric),
                .. others.Select(other => PageText.Metric(other, OtherOf(epoch, other))),
                PageText.Figure(epoch.LearningRate), PageText.Seconds(epoch.Seconds),
            ]));
        page.Add($"</details>");
    }

    private static double OtherOf(EpochReport epoch, string name) =>
        epoch.Validation.Others?.Where(value => value.Name == name).Select(value => (double?)value.Value).FirstOrDefault() ?? double.NaN;
}
