using System.Globalization;
using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>What the figures are made of: classes, confusion and calibration, or residuals.</summary>
internal static class FigureSections
{
    /// <summary>Classes up to which the confusion matrix is unfolded.</summary>
    private const int MostUnfolded = 25;

    /// <summary>Classes up to which their names stand upright over the columns.</summary>
    private const int MostUpright = 8;

    private const int MostConfusions = 10;

    public static void Write(HtmlText page, RunReport report)
    {
        if (report.Evaluation is not { } evaluation)
            return;
        if (evaluation.Classes is { Count: > 0 } classes)
            Classes(page, classes, evaluation.Confusion!, evaluation.Level);
        if (evaluation.Calibration is { } bins)
            Calibration(page, report, bins);
        if (evaluation.Residuals is { } residuals)
            Residuals(page, report, residuals);
    }

    private static void Classes(
        HtmlText page, IReadOnlyList<ClassFigures> classes, IReadOnlyList<IReadOnlyList<int>> confusion, double level)
    {
        page.BeginSection("classes", "Classes");
        page.Add($"<h3>Confusion matrix</h3><p class=\"muted\">Rows are the true classes, columns the predicted ones; the darker a cell, the ");
        page.Add($"larger its share of the row.</p>");
        if (classes.Count > MostUnfolded)
            page.Add($"<details><summary>All {classes.Count} classes</summary>");
        Confusion(page, classes, confusion);
        if (classes.Count > MostUnfolded)
            page.Add($"</details>");
        if (classes.Count > 2)
            Confusions(page, classes, confusion);
        page.Add($"<h3>Class by class</h3>");
        page.AddTable(
            "Table of the classes",
            ["Class", "Rows", "Predicted", "Precision", $"{PageText.Level(level)} interval", "Recall", $"{PageText.Level(level)} interval", "F1"],
            classes.Select(one => (string[])
            [
                one.Name, PageText.Count(one.Samples), PageText.Count(one.Predicted), PageText.Figure(one.Precision),
                PageText.Interval("precision", one.PrecisionInterval), PageText.Figure(one.Recall),
                PageText.Interval("recall", one.RecallInterval), PageText.Figure(one.F1),
            ]));
        page.EndSection();
    }

    private static void Confusion(
        HtmlText page, IReadOnlyList<ClassFigures> classes, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        string kind = classes.Count > MostUpright ? "confusion many" : "confusion";
        page.Add($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion matrix\"><table class=\"{kind}\"><thead><tr>");
        page.Add($"<th scope=\"col\" class=\"text\">true \\ predicted</th>");
        foreach (ClassFigures one in classes)
            page.Add($"<th scope=\"col\">{one.Name}</th>");

        page.Add($"</tr></thead><tbody>");
        for (int row = 0; row < classes.Count; row++)
        {
            page.Add($"<tr><th scope=\"row\" class=\"text\" title=\"{classes[row].Name}\">{classes[row].Name}</th>");
            for (int column = 0; column < classes.Count; column++)
            {
                double share = (double)confusion[row][column] / Math.Max(1, classes[row].Samples);
                page.Add($"<td class=\"{(row == column ? "right" : "wrong")}\" style=\"--share:{share:0.###}\">{confusion[row][column]:#,0}</td>");
            }

            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>");
    }

    /// <summary>The classes that are taken for others most often.</summary>
    private static void Confusions(
        HtmlText page, IReadOnlyList<ClassFigures> classes, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        var most = Enumerable.Range(0, classes.Count)
            .SelectMany(row => Enumerable.Range(0, classes.Count).Select(column => (Row: row, Column: column, Count: confusion[row][column])))
            .Where(cell => cell.Row != cell.Column && cell.Count > 0).OrderByDescending(cell => cell.Count).Take(MostConfusions).ToArray();
        if (most.Length == 0)
            return;
        page.Add($"<h3>Most frequent mistakes</h3>");
        page.AddTable("Table of the most frequent mistakes", ["True class", "\tPredicted", "Rows", "Share of the class"],
            most.Select(cell => (string[])
            [
                classes[cell.Row].Name, classes[cell.Column].Name, PageText.Count(cell.Count),
                PageText.Share((double)cell.Count / classes[cell.Row].Samples),
            ]));
    }

    private static void Calibration(HtmlText page, RunReport report, IReadOnlyList<CalibrationBin> bins)
    {
        page.BeginSection("calibration", "Calibration");
        string error = report.Evaluation!.Metrics.FirstOrDefault(m => m.Name.StartsWith("expected_calibration_error", StringComparison.Ordinal))
            is { Value: var value } ? $" The expected calibration error, the mean gap between both, is {PageText.Figure(value)}." : "";
        page.Add($"<p class=\"muted\">Of the rows whose answer has a probability of 80 %, 80 % should be right: the dashed line. A curve below ");
        page.Add($"it is that of a network too sure of itself.{error}</p>");
        if (report.Temperature != 1)
        {
            page.Add($"<p class=\"note\">The model is calibrated with temperature {report.Temperature:0.###}, which predictions use; the ");
            page.Add($"figures here are those before it.</p>");
        }

        page.Add($"<div class=\"split\"><div class=\"plot square\" data-chart=\"calibration\"></div><div>");
        page.AddTable("Table of the calibration", ["Probability", "Rows", "Mean probability", "Right"],
            bins.Where(bin => bin.Samples > 0).Select(bin => (string[])
            [
                string.Create(CultureInfo.InvariantCulture, $"{100 * bin.Low:0} to {100 * bin.High:0} %"), PageText.Count(bin.Samples),
                PageText.Share(bin.Confidence), PageText.Share(bin.Accuracy),
            ]));
        page.Add($"</div></div>");
        page.EndSection();
    }

    private static void Residuals(HtmlText page, RunReport report, ResidualFigures residuals)
    {
        page.BeginSection("residuals", "Residuals");
        int samples = report.Evaluation!.Samples;
        page.Add($"<p class=\"muted\">True number - prediction, in the unit of {report.Preprocessing?.Target.Name ?? "the target"}; their mean ");
        page.Add($"is {PageText.Figure(residuals.Mean)}. A network that has learned all there is leaves a cloud around zero without a shape.");
        if (report.Residuals.Count > 0 && report.Residuals.Count < samples)
            page.Add($"{PageText.Count(report.Residuals.Count)} of {PageText.Count(samples)} rows are drawn.");
        page.Add($"</p><div class=\"split\">");
        if (report.Residuals.Count > 0)
            page.Add($"<div class=\"plot\" data-chart=\"residuals\"></div>");
        page.Add($"<div>");
        page.AddTable("Quantiles of the residuals", ["Share of the rows", "Residual below"],
            residuals.Shares.Zip(residuals.Quantiles, (share, value) => (string[])
                [string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %"), PageText.Figure(value)]));
        page.Add($"</div></div>");
        page.EndSection();
    }
}
