using System.CommandLine;
using System.Globalization;

namespace Thalweg.Faults;

/// <summary>`calibrate`: fits the coefficients of the confidence to reports of the calibration half.</summary>
internal static class CalibrateCommand
{
    /// <summary>Fewest findings from which a cause has coefficients of its own weight.</summary>
    private const int Fewest = 4;

    /// <summary>Most that a confidence of a report may be off by the digits that it is written with.</summary>
    private const double Tolerance = 0.005;

    public static Command Create()
    {
        Argument<string> reports = new("reports") { Description = "reports.tsv of the calibration half." };
        Argument<string> table = new("table") { Description = "The doctor's table of coefficients, which is written anew." };
        Command command = new("calibrate", "Fits the confidence of findings on the calibration half.") { reports, table };
        command.SetAction(result =>
        {
            Report[] all = [.. File.ReadLines(result.GetRequiredValue(reports)).Select(Report.Parse)];
            if (all.FirstOrDefault(report => IsScored(report.Name)) is { } scored)
                throw new ThalwegException($"calibrate: expected reports of the calibration half, got '{scored.Name}'; score --half calibration");
            string path = result.GetRequiredValue(table);
            File.WriteAllLines(path, Rows(File.ReadAllLines(path), all));
            return 0;
        });
        return command;
    }

    private static double Of((double Intercept, double Slope) row, double strength) =>
        1 / (1 + Math.Exp(-(row.Intercept + (row.Slope * strength))));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Seeds of the calibration half are odd.</summary>
    private static bool IsScored(string name) => int.Parse(name[(name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) % 2 == 0;

    private static IEnumerable<string> Rows(string[] old, Report[] reports)
    {
        yield return old[0];
        Dictionary<string, (double Intercept, double Slope)> table = old.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))
            .ToDictionary(cells => cells[0], cells => (Number(cells[1]), Number(cells[2])));

        // The confidence of a finding that another one explains does not follow from its strength.
        ILookup<string, (double Strength, bool IsRight)> byCause = new Score(reports).Judged()
            .Where(pair => Math.Abs(pair.Found.Confidence - Of(table[pair.Found.Cause], pair.Found.Strength)) < Tolerance)
            .ToLookup(pair => pair.Found.Cause, pair => (pair.Found.Strength, pair.IsRight));
        (double, double) common = Logistic.Fit([.. byCause.SelectMany(group => group)], (0, 1.5));
        foreach (string line in old.Skip(1).Where(line => line.Length > 0))
        {
            string cause = line.Split(',')[0];
            (double Strength, bool IsRight)[] data = [.. byCause[cause]];
            (double intercept, double slope) = data.Length < Fewest ? Logistic.Fit(data, common, 4) : Logistic.Fit(data, common, 1);
            yield return string.Create(CultureInfo.InvariantCulture, $"{cause},{intercept:f3},{slope:f3}");
        }
    }
}
