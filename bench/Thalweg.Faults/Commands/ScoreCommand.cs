using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Thalweg.Faults;

/// <summary>`score`: examines the cases of a half and prints the scores.</summary>
internal static class ScoreCommand
{
    private static readonly Lock s_lock = new();

    public static Command Create()
    {
        Option<string?> folder = CommonOptions.DataFolder(), only = CommonOptions.Only();
        Option<string> half = CommonOptions.HalfName();
        Option<string?> output = new("--out") { Description = "Folder for reports.tsv, confusion.csv and score.md." };
        Option<string?> from = new("--from") { Description = "Scores a reports.tsv of before, without examining again." };
        Option<int> workers = CommonOptions.Workers();
        Command command = new("score", "Examines planted faults and healthy trainings, and scores the findings.") { folder, half, only, output, from, workers };
        command.SetAction(result =>
        {
            long start = Stopwatch.GetTimestamp();
            Report[] reports = result.GetValue(from) is { } file
                ? [.. File.ReadLines(file).Select(Report.Parse)]
                : Examine(result.GetValue(folder), (result.GetRequiredValue(half), result.GetValue(only)), result.GetValue(workers), result.GetValue(output));
            string text = Write(new Score(reports), reports);
            Console.WriteLine(text);
            Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMinutes:f1} minutes");
            if (result.GetValue(output) is { } path)
                Save(path, reports, text);
            return 0;
        });
        return command;
    }

    private static Report[] Examine(string? folder, (string Half, string? Only) which, int workers, string? output)
    {
        (string Name, string Cause, IReadOnlySet<string> Accepted, Setup Setup)[] items =
        [
            .. from item in CaseList.All(folder)
               where CommonOptions.IsIn(which.Half, item.Half) && CommonOptions.Matches(item.Name, which.Only)
               select (item.Name, item.Cause, item.Accepted, item.Faulty),
            .. from item in HealthyCases.All(folder)
               where CommonOptions.IsIn(which.Half, item.Half) && CommonOptions.Matches(item.Name, which.Only)
               select (item.Name, Report.None, (IReadOnlySet<string>)new HashSet<string>(), item.Setup),
        ];
        string? partial = output is null ? null : Path.Combine(Directory.CreateDirectory(output).FullName, "reports.partial.tsv");
        if (partial is not null)
            File.Delete(partial);
        return CommonOptions.ForAll(items, workers, item =>
        {
            Report report = Report.Of(item.Name, item.Cause, item.Accepted, item.Setup);
            if (partial is not null)
            {
                lock (s_lock)
                    File.AppendAllText(partial, report.ToLine() + "\n");
            }

            return report;
        });
    }

    private static string Write(Score score, Report[] reports)
    {
        StringBuilder text = new();
        int faults = reports.Count(report => report.Cause != Report.None);
        Line($"{faults} planted faults, {reports.Length - faults} healthy trainings, {reports.Average(report => report.Seconds):f2} s for each");
        Line($"detection {score.Detection:p1}, planted cause first {score.First:p1}, first or second {score.FirstTwo:p1}, among all {score.Named:p1}");
        Line($"precision {score.Precision:p1}, false alarms on healthy trainings {score.FalseAlarms:p1}, calibration error {score.CalibrationError:f3}");
        Line($"");
        Line($"| confidence | right | findings |");
        Line($"|---|---|---|");
        foreach ((double confidence, double right, int count) in score.Reliability())
            Line($"| {confidence:f2} | {right:f2} | {count} |");
        Line($"");
        Line($"| planted | cases | detected | first | first two | findings | right |");
        Line($"|---|---|---|---|---|---|---|");
        foreach ((string cause, int cases, int detected, int first, int two, int findings, int right) in score.ByCause)
            Line($"| {cause} | {cases} | {detected} | {first} | {two} | {findings} | {right} |");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void Save(string path, Report[] reports, string text)
    {
        Directory.CreateDirectory(path);
        Score score = new(reports);
        File.WriteAllLines(Path.Combine(path, "reports.tsv"), reports.Select(report => report.ToLine()));
        File.WriteAllLines(
            Path.Combine(path, "confusion.csv"),
            [
                "planted,first_finding,count",
                .. score.Confusion.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Planted},{cell.First},{cell.Count}")),
            ]);
        File.WriteAllText(Path.Combine(path, "score.md"), text);
        File.WriteAllLines(Path.Combine(path, "wrong.txt"), score.Wrong());
    }
}
