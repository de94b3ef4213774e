using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg report</c>: a run as a page.</summary>
internal static class ReportCommand
{
    private const string Summary = """
        Writes a page about a run: curves, metrics with intervals, classes or residuals, calibration, settings and history.

        The page is one HTML file that needs nothing else. The model is evaluated on the validation data; test data are not opened: what
        earlier readings found is shown.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Argument<string> run = new("RUN") { Description = "Folder of a run" };
        Option<string?> output = OptionFactory.Text(
            "--out", "FILE", $"The page to write; one that is there is replaced [default: {RunReportPage.FileName} in the folder of the run]");
        Option<string?> part = OptionFactory.Choice(
            "--part", ["validation", "training"], "Part of the data that the model is evaluated on [default: validation]");
        Option<string?> data = OptionFactory.Text("--data", "PATH", "Where the data of the run lie now [default: where they lay]");
        Option<string?> index = IndexOption.Make();
        Option<bool> open = OptionFactory.Switch("--open", "Show the page in the browser");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("report", Summary) { run, output, part, data, index, open, json };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(run), path = parsed.GetValue(output) ?? Path.Combine(folder, RunReportPage.FileName);
            using IRunIndex runs = IndexOption.Open(parsed.GetValue(index), folder);
            RunReport report = RunReport.Open(folder, new RunReportOptions
            {
                Part = parsed.GetValue(part) == "training" ? ReportPart.Training : ReportPart.Validation,
                Data = parsed.GetValue(data),
                Index = runs,
            });
            RunReportPage.Write(path, report);
            foreach (string note in report.Notes)
                Console.Error.WriteLine($"note: {SecretText.Mask(FlagNames.In(note))}");
            Print(path, report, parsed.GetValue(json));
            if (parsed.GetValue(open))
                PageOpener.Open(path);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(string path, RunReport report, bool json)
    {
        if (!json)
        {
            Console.Out.WriteLine($"The report is in {path}");
            return;
        }

        JsonOutput.Write(writer =>
        {
            writer.WriteString("page", path);
            writer.WriteBoolean("charts", RunReportPage.HasCharts);
            writer.WriteReport("report", report.Evaluation);
            writer.WriteTexts("warnings", report.Warnings);
            writer.WriteTexts("notes", report.Notes);
        });
    }
}
