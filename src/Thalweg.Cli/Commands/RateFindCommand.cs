using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg lr-find</c>: the learning-rate range test.</summary>
internal static class RateFindCommand
{
    private const int CurveRows = 24, CurveWidth = 48;

    private const string Summary = """
        Finds a learning rate: trains for some steps while the rate grows, and prints the loss against the rate.

        It takes the options of train; nothing is saved, and validation and test data are not looked at. The suggested rate is that of the
        steepest fall of the smoothed loss. With --json the output is one JSON object.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions options = new(TrainOptions.Make());
        (string, Func<double, bool>) positive = ("a finite number above 0", value => value > 0);
        Option<double?> low = OptionFactory.Real("--low", "RATE", positive, "First rate [default: 1e-7]");
        Option<double?> high = OptionFactory.Real("--high", "RATE", positive, "Last rate [default: 10]");
        Option<int?> steps = OptionFactory.Whole("--steps", "N", 10, "Steps from the first rate to the last [default: 100]");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON object");
        Command command = new("lr-find", Summary);
        options.AddTo(command);
        foreach (Option option in (IEnumerable<Option>)[low, high, steps, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            LearningRateRange range = new()
            {
                Low = parsed.GetValue(low) ?? new LearningRateRange().Low,
                High = parsed.GetValue(high) ?? new LearningRateRange().High,
                Steps = parsed.GetValue(steps) ?? new LearningRateRange().Steps,
            };
            return Run(options.Read(parsed), range, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Recipe recipe, LearningRateRange range, bool json)
    {
        PreparedRecipe prepared = recipe.Prepare();
        LearningRateRangeResult result = LearningRateRangeTest.Run(prepared.Network, prepared.Split.Training, prepared.Options, range);
        if (json)
            WriteJson(result);
        else
            WriteText(result);
        return ExitCode.Success;
    }

    private static void WriteJson(LearningRateRangeResult result) => JsonOutput.Write(writer =>
    {
        writer.WriteFigure("suggested", result.Suggested);
        writer.WriteFigure("least", result.Least?.Rate ?? double.NaN);
        writer.WriteObjects("curve", result.Points, point =>
        {
            writer.WriteFigure("rate", point.Rate);
            writer.WriteFigure("loss", point.Loss);
            writer.WriteFigure("smoothed", point.Smoothed);
        });
    });

    private static void WriteText(LearningRateRangeResult result)
    {
        IReadOnlyList<LearningRatePoint> points = result.Points;
        if (points.Count > 0)
        {
            double low = points.Min(point => point.Smoothed), high = Math.Min(points.Max(point => point.Smoothed), 2 * points[0].Smoothed);
            List<string[]> rows = [["rate", "loss", ""]];
            int every = Math.Max(1, (points.Count + CurveRows - 1) / CurveRows);
            for (int i = 0; i < points.Count; i += every)
            {
                double share = high > low ? Math.Clamp((points[i].Smoothed - low) / (high - low), 0, 1) : 0;
                rows.Add([Number(points[i].Rate), Number(points[i].Smoothed), new string('#', 1 + (int)(share * CurveWidth))]);
            }

            PlainTable.Write(rows);
        }

        Console.Out.WriteLine(double.IsNaN(result.Suggested)
            ? "suggested rate: none, the loss never fell; try other rates with --low and --high"
            : $"suggested rate: {Number(result.Suggested)} (steepest fall; least loss at {Number(result.Least!.Rate)})");
    }

    private static string Number(double value) => value.ToString("0.00e+0", CultureInfo.InvariantCulture);
}
