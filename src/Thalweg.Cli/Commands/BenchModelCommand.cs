using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Models;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg bench-model</c>: how fast a model answers.</summary>
internal static class BenchModelCommand
{
    private const string Summary = """
        Measures how fast a model answers on this machine: time of a call and samples per second, for several sizes of batches.

        Reading and preprocessing of rows are not part of the time. Figures of a machine that does other things meanwhile are worse.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Argument<string> model = new("MODEL") { Description = "Model file, or the folder of a run" };
        Option<int?> callers = OptionFactory.Whole(
            "--callers", "N", 1, "Threads that call at once, in the last line [default: number of processors]");
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Command command = new("bench-model", Summary) { model, callers, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ModelSpeed> figures =
                ModelBenchmark.Run(TrainedModel.Load(parsed.GetRequiredValue(model)), parsed.GetValue(callers));
            if (parsed.GetValue(json))
                WriteJson(figures);
            else
                PlainTable.Write([["samples per call", "callers", "median", "99 %", "samples/s"], .. figures.Select(Row)]);
            return ExitCode.Success;
        });
        return command;
    }

    private static string[] Row(ModelSpeed speed) =>
    [
        Whole(speed.Batch), Whole(speed.Callers), Microseconds(speed.Median), Microseconds(speed.Slowest), Whole(speed.SamplesPerSecond),
    ];

    private static void WriteJson(IReadOnlyList<ModelSpeed> figures)
    {
        foreach (ModelSpeed speed in figures)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteNumber("batch", speed.Batch);
                writer.WriteNumber("callers", speed.Callers);
                writer.WriteFigure("medianSeconds", speed.Median);
                writer.WriteFigure("slowestSeconds", speed.Slowest);
                writer.WriteFigure("samplesPerSecond", speed.SamplesPerSecond);
            });
        }
    }

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Microseconds(double seconds) => (seconds * 1e6).ToString("#,0.0 us", CultureInfo.InvariantCulture);
}
