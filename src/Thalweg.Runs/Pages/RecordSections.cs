using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>What was run, on which data, and what happened.</summary>
internal static class RecordSections
{
    /// <summary>Columns, and events, up to which each has a row.</summary>
    private const int MostRows = 200;

    public static void Write(HtmlText page, RunReport report)
    {
        TestData(page, report);
        Data(page, report);
        Settings(page, report);
        Environment(page, report);
        History(page, report);
    }

    private static void TestData(HtmlText page, RunReport report)
    {
        if (report is { Record.Test: null, TestReads.Count: 0, Origin: not { TestCount: > 0 } })
            return;
        page.BeginSection("test", "Test data");
        if (report.TestReads.Count == 0)
            page.Add($"<p>Not read yet. This page does not open them: thalweg eval --part test does, and counts it.</p>");
        if (report.Record.Test is { } test)
        {
            string interval = HeadSections.OfTask(report.Record.TestReport, test.MetricName)?.Interval is { } range
                ? $" ({PageText.Interval(test.MetricName, range)})" : "";
            page.Add($"<p>As read at the end of the run, on {PageText.Plural(test.Samples, "row")}: {test.MetricName} ");
            page.Add($"<strong>{PageText.Metric(test)}</strong>{interval}, loss {PageText.Figure(test.Loss)}. This page does not open them.</p>");
        }

        if (report.TestReads.Count > 0)
        {
            if (report.TestReuse is { Models: > 1 } reuse)
                page.Add($"<p class=\"note\">{reuse.Warning}.</p>");
            page.AddTable("Readings of the test data", ["Time, UTC", "\tWhy", "\tRun", "Figure"],
                report.TestReads.Select(read => (string[])
                [
                    PageText.Time(read.Time), read.Reason, Path.GetFileName(Path.TrimEndingDirectorySeparator(read.Run ?? "")),
                    read is { Metric: { } metric, Value: { } value } ? $"{metric} {PageText.Metric(metric, value)}" : PageText.None,
                ]));
        }

        page.EndSection();
    }

    private static void Data(HtmlText page, RunReport report)
    {
        page.BeginSection("data-facts", "Data");
        List<(string, string)> facts = [("Source", SecretText.Mask(report.Recipe.Data.Source)!)];
        if (report.Origin is { } origin)
        {
            facts.Add(("Rows", $"{PageText.Count(origin.TrainingCount)} training, {PageText.Count(origin.ValidationCount)} validation, "
                + $"{PageText.Count(origin.TestCount)} test"));
        }

        if (report.Preprocessing is { } preparation)
        {
            LearningTask task = preparation.Task;
            facts.Add(("Target", preparation.Target.Name));
            facts.Add(("Task", task.HasClasses && task.ClassNames.Count is > 0 and <= MostRows
                ? $"{task.Name} ({string.Join(", ", task.ClassNames)})" : task.Name));
            facts.Add(("Features", $"[{string.Join(", ", preparation.FeatureShape)}]"));
        }

        facts.Add(("Digest", report.Record.DataDigest));
        page.AddFacts(facts);
        if (report.Preprocessing?.Columns is { Count: > 0 } columns)
        {
            page.Add($"<details><summary>Columns</summary>");
            if (columns.Count > MostRows)
                page.Add($"<p class=\"muted\">The first {MostRows} of {PageText.Count(columns.Count)}.</p>");
            page.AddTable("Table of the columns", ["Column", "\tKind", "Features"], columns.Take(MostRows).Select(column => (string[])
                [column.Name, KindOf(column), PageText.Count(column.FeatureNames.Count)]));
            page.Add($"</details>");
        }

        page.EndSection();
    }

    private static string KindOf(ColumnEncoding column) => column switch
    {
        NumericEncoding { Dates: not null } => "dates",
        NumericEncoding { IsLogarithmic: true } => "numbers, by their logarithm",
        NumericEncoding => "numbers",
        CategoricalEncoding => "categories",
        _ => "left out",
    };

    private static void Settings(HtmlText page, RunReport report)
    {
        page.BeginSection("settings", "Settings");
        page.Add($"<p class=\"muted\">All that decides what the run computes, as in its recipe; defaults have their reason beside them.</p>");
        page.AddTable("Table of the settings", ["Field", "\tValue", "\tWhy"], RecipeField.All
            .Select(field => (field.Path, Text: field.Format(field.Get(report.Recipe)), field.IsSwitch))
            .Where(field => field.Text is not null && !(field.IsSwitch && field.Text == "false"))
            .Select(field => (string[])[field.Path, SecretText.Mask(field.Text)!, report.Reasons.GetValueOrDefault(field.Path) ?? ""]));
        if (report.Record.NotReplayable is { } reason)
            page.Add($"<p class=\"note\">The run cannot be replayed from its recipe: {reason}.</p>");
        page.Add($"<details><summary>Recipe</summary><pre tabindex=\"0\">{SecretText.Mask(report.Recipe.ToYaml())}</pre></details>");
        page.EndSection();
    }

    private static void Environment(HtmlText page, RunReport report)
    {
        if (report.Record.Environment is not { } environment)
            return;
        page.BeginSection("environment", "Environment");
        page.AddFacts(
        [
            ("Thalweg", environment.Version), ("Runtime", environment.Runtime), ("Platform", environment.Platform),
            ("Host", environment.Host), ("Processors", PageText.Count(environment.Processors)),
            ("Threads", PageText.Count(environment.Threads)),
            ("Vectors", environment.VectorBits == 0 ? "none" : $"{environment.VectorBits} bits"),
            .. environment.Variables.Select(variable => (variable.Key, variable.Value)),
        ]);
        page.EndSection();
    }

    private static void History(HtmlText page, RunReport report)
    {
        (DateTimeOffset Time, string Text)[] lines =
            [.. report.Events.Select(item => (item.Time, Text: Describe(item))).Where(line => line.Text is not null).Select(line => (line.Time, line.Text!))];
        if (lines.Length == 0)
            return;
        int checkpoints = report.Events.Count(item => item is RunEvent.Checkpoint);
        page.BeginSection("history", "History");
        string told = checkpoints == 0 ? "" : $", of which there were {PageText.Count(checkpoints)}";
        string shown = lines.Length > MostRows ? $"; the last {MostRows} of {PageText.Count(lines.Length)}" : "";
        page.Add($"<p class=\"muted\">The events of the run without epochs and checkpoints{told}{shown}.</p>");
        page.AddTable("Table of the events", ["Time, UTC", "\tEvent"],
            lines.TakeLast(MostRows).Select(line => (string[])[PageText.Time(line.Time), SecretText.Mask(line.Text)!]));
        page.EndSection();
    }

    /// <summary>An event in a few words; null for those that are shown elsewhere.</summary>
    private static string? Describe(RunEvent item) => item switch
    {
        RunEvent.Started { Step: 0 } start => $"started: {PageText.Plural(start.Epochs, "epoch")} with {start.Optimizer}",
        RunEvent.Started start => $"resumed in epoch {start.Epoch + 1}, after step {PageText.Count(start.Step)}",
        RunEvent.Warning warning => $"warning: {warning.Message}",
        RunEvent.Recovered recovered => $"recovered: {recovered.Message}",
        RunEvent.Fault fault => $"fault: {fault.Message}",
        RunEvent.TestRead read => $"test data read: {read.Figures.MetricName} {PageText.Metric(read.Figures)}",
        RunEvent.Ended end => $"{end.Status}: ended {PageText.Reason(end.Reason)} after {PageText.Plural(end.Steps, "step")}"
            + (end.Failure is { } failure ? $": {failure}" : ""),
        RunEvent.Custom custom => custom.Kind,
        _ => null,
    };
}
