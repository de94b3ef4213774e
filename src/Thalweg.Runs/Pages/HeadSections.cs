using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>The head of the page: the run in two sentences, what to beware of, the metrics.</summary>
internal static class HeadSections
{
    /// <summary>Name of the run.</summary>
    public static string TitleOf(RunReport report) =>
        $"Run {report.Record.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(report.Folder)))}";

    public static void Write(HtmlText page, RunReport report)
    {
        page.Add($"<h1>{TitleOf(report)}</h1>");
        if (Verdict(report) is { } verdict)
            page.Add($"<p><strong>{verdict.Strong}</strong>{verdict.Text}</p>");
        page.Add($"<p class=\"muted\">{Facts(report)}</p>");
        if (report.Record.Note is { } remark)
            page.Add($"<p>{SecretText.Mask(remark)}</p>");
        if (report.Record.Tags is { Count: > 0 } tags)
            page.Add($"<p class=\"muted\">Tags: {string.Join(", ", tags)}</p>");
        Notes(page, "Warnings", report.Warnings);
        Notes(page, "Notes", report.Notes);
        Metrics(page, report);
    }

    /// <summary>Rows of a part in words.</summary>
    public static string PartOf(RunReport report) => report.Part == ReportPart.Validation ? "validation" : "training";

    /// <summary>The figure of a task in a report, where it goes by its registered name: r2 for R2.</summary>
    public static MetricEstimate? OfTask(EvaluationReport? report, string name) =>
        report?.Metrics.FirstOrDefault(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static (string Strong, string Text)? Verdict(RunReport report)
    {
        Evaluation? figures = report.Figures ?? (report.Part == ReportPart.Validation ? report.Kept?.Validation : null);
        if (figures is not { Samples: > 0 })
            return null;
        string name = figures.MetricName;
        MetricInterval? interval = OfTask(report.Evaluation, name)?.Interval;
        string rest = (interval is null ? "" : $" ({PageText.Interval(name, interval)})")
            + (report.Kept is { } kept ? $" with the weights of epoch {kept.Epoch + 1}" : "")
            + (double.IsNaN(report.Trivial) ? "" : $"; the trivial answer scores {PageText.Metric(name, report.Trivial)}")
            + (report.Linear is { } linear ? $", a linear model {PageText.Metric(linear)}" : "") + ".";
        return ($"{char.ToUpperInvariant(PartOf(report)[0])}{PartOf(report)[1..]} {name} {PageText.Metric(figures)}", rest);
    }

    private static string Facts(RunReport report)
    {
        RunRecord record = report.Record;
        string rows = report.Origin is { } origin
            ? $"{PageText.Count(origin.TrainingCount)} training, {PageText.Count(origin.ValidationCount)} validation and "
                + $"{PageText.Plural(origin.TestCount, "test row")}; "
            : "";
        RunEvent.Ended? end = report.Events.OfType<RunEvent.Ended>().LastOrDefault();
        string status = end is null ? $"status: {record.Status}" : $"{record.Status}, ended {PageText.Reason(end.Reason)}";
        return $"Data {SecretText.Mask(report.Recipe.Data.Source)}: {rows}{PageText.Plural(record.Epochs.Count, "epoch")}"
            + (end is null ? "" : $" of {PageText.Plural(end.Steps, "step")} in all")
            + $", {PageText.Seconds(record.Seconds)} of training; {status}."
            + SecretText.Mask((end?.Failure is { } failure ? $" {failure}" : "") + (end?.Note is { } note ? $" {note}" : ""));
    }

    private static void Notes(HtmlText page, string title, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
            return;
        page.Add($"<ul class=\"notes\" aria-label=\"{title}\">");
        foreach (string note in notes)
            page.Add($"<li class=\"note\">{SecretText.Mask($"{char.ToUpperInvariant(note[0])}{note[1..]}")}</li>");

        page.Add($"</ul>");
    }

    private static void Metrics(HtmlText page, RunReport report)
    {
        if (report.Figures is { Outputs: { } outputs })
        {
            page.BeginSection("metrics", "Metrics");
            page.Add($"<p class=\"muted\">Each output of the network on the {PartOf(report)} data.</p>");
            page.AddTable("Figures of the outputs", ["Output", "\tMetric", "Value", "Loss"], outputs.Select(output => (string[])
                [output.Key, output.Value.MetricName, PageText.Metric(output.Value), PageText.Figure(output.Value.Loss)]));
            page.EndSection();
        }

        if (report.Evaluation is not { } evaluation)
            return;
        page.BeginSection("metrics", "Metrics");
        page.Add($"<p class=\"muted\">On {PageText.Plural(evaluation.Samples, "sample")} of the {PartOf(report)} data. ");
        page.Add($"An interval holds the figure on new rows of the same kind with a probability of {PageText.Level(evaluation.Level)}, ");
        page.Add($"by Wilson's formula for shares and by the bootstrap for others. The trivial answer is the same for every row.</p>");
        Evaluation? linear = report.Linear;
        page.AddTable(
            "Table of the metrics", ["Metric", "Value", "Interval", "Trivial answer", .. linear is null ? [] : new[] { "Linear model" }],
            evaluation.Metrics.Select(metric => (string[])
            [
                PageText.Name(metric.Name), PageText.Metric(metric.Name, metric.Value), PageText.Interval(metric.Name, metric.Interval),
                PageText.Metric(metric.Name, metric.Trivial), .. linear is null ? [] : new[] { OfLinear(linear, metric.Name) },
            ]));
        page.EndSection();
    }

    /// <summary>A figure of the linear model; it has those of the task alone.</summary>
    private static string OfLinear(Evaluation linear, string name) => name switch
    {
        "root_mean_squared_error" => PageText.Figure(linear.RootMeanSquaredError),
        "mean_absolute_error" => PageText.Figure(linear.MeanAbsoluteError),
        _ => name.Equals(linear.MetricName, StringComparison.OrdinalIgnoreCase) ? PageText.Metric(linear) : PageText.None,
    };
}
