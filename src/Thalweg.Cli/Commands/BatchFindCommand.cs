using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg batch-find</c>: which batch sizes fit in memory, and how fast they are.</summary>
internal static class BatchFindCommand
{
    private const double Mebibyte = 1 << 20;

    private const string Summary = """
        Tries batch sizes, each twice the one before, and prints samples per second and memory.

        It takes the options of train; nothing is saved, and validation and test data are not looked at. A larger batch makes fewer updates
        in an epoch: the suggested size is the smallest that is about as fast as the fastest. With --json the output is one JSON object.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions options = new(TrainOptions.Make());
        Option<int?> memory = OptionFactory.Whole(
            "--memory", "MB", 1, "Memory that a step may take, in MiB [default: four fifths of what is left]");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON object");
        Command command = new("batch-find", Summary);
        options.AddTo(command);
        command.Options.Add(memory);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            PreparedRecipe prepared = options.Read(parsed).Prepare();
            long? limit = parsed.GetValue(memory) is { } size ? (long)size << 20 : null;
            BatchSizeResult result = BatchSizeSearch.Run(prepared.Network, prepared.Split.Training, prepared.Options, limit);
            if (parsed.GetValue(json))
                WriteJson(result);
            else
                WriteText(result);
            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteJson(BatchSizeResult result) => JsonOutput.Write(writer =>
    {
        writer.WriteNumber("suggested", result.Suggested);
        if (result.MemoryLimit is { } limit)
            writer.WriteNumber("memoryLimit", limit);
        writer.WriteObjects("sizes", result.Points, point =>
        {
            writer.WriteNumber("batch", point.BatchSize);
            writer.WriteFigure("samplesPerSecond", point.SamplesPerSecond);
            writer.WriteFigure("secondsPerStep", point.SecondsPerStep);
            writer.WriteNumber("memoryBytes", point.MemoryBytes);
        });
    });

    private static void WriteText(BatchSizeResult result)
    {
        List<string[]> rows = [["batch", "samples/s", "ms/step", "MiB"]];
        rows.AddRange(result.Points.Select(point => (string[])
        [
            Figures.Count(point.BatchSize), Figures.Count(point.SamplesPerSecond), Number(1000 * point.SecondsPerStep),
            Number(point.MemoryBytes / Mebibyte),
        ]));
        PlainTable.Write(rows);
        Console.Out.WriteLine(
            $"suggested batch: {Figures.Count(result.Suggested)}, the smallest within a tenth of the most samples per second"
            + (result.MemoryLimit is { } limit ? $"; the next size takes more than {Number(limit / Mebibyte)} MiB" : ""));
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
