using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Cli.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg train</c>: from data to a trained, saved and evaluated model.</summary>
internal static class TrainCommand
{
    private const string Summary = """
        Trains a network and keeps the weights of the best validation epoch.

        Test data are for the end: training does not see them, and they are read only for --open-test, or later by
        thalweg eval --part test. Every reading is counted in test-reads.json.

        Without options it trains on drawn digits. The folder given by --out gets model.safetensors and run.json, and
        training.safetensors while the run is not finished: it is saved every 30 seconds at the end of an epoch, and by Ctrl-C.
        With --json the output is one JSON object per line: {"event":"epoch",...} after each epoch, {"event":"result",...} at the end.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        IReadOnlyList<Setting> settings = TrainOptions.Make();
        Option<int?> threads = OptionFactory.Whole(
            "--threads", "N", 1, "Threads of the kernels; changes the speed alone [default: all processors]");
        Option<string?> output = OptionFactory.Text(
            "--out", "DIR", "Folder of the run [default: runs/DATA-SEED, with a number behind where that is taken]");
        Option<bool> openTest = OptionFactory.Switch("--open-test", "Read the test data at the end; every reading is counted");
        Option<bool> force = OptionFactory.Switch("--force", "Replace the run that the folder holds");
        Option<bool> resume = OptionFactory.Switch(
            "--resume", "Go on with an unfinished run to the same bits as if it had never stopped; its options are taken from the folder");
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Command command = new("train", Summary);
        foreach (Setting setting in settings)
            command.Options.Add(setting.Option);
        foreach (Option option in (Option[])[openTest, threads, output, force, resume, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is { } count)
                Threads.Count = count;
            if (parsed.GetValue(resume) && parsed.GetValue(force))
                throw new ThalwegException("--resume and --force contradict each other; leave one out");
            RunStart start = parsed.GetValue(resume)
                ? Resume(parsed, settings, parsed.GetValue(output))
                : New(parsed, settings, parsed.GetValue(output), parsed.GetValue(force));
            start = start with { OpensTest = start.OpensTest || parsed.GetValue(openTest) };
            return new TrainRun(start, TrainPrinters.Choose(parsed.GetValue(json))).Run();
        });
        return command;
    }

    private static RunStart New(ParseResult parsed, IReadOnlyList<Setting> options, string? output, bool force)
    {
        TrainSettings settings = Read(parsed, options, new TrainSettings());
        return new RunStart(settings, RunDirectory.ForNew(output, settings, force), Record: null, OpensTest: false);
    }

    private static RunStart Resume(ParseResult parsed, IReadOnlyList<Setting> options, string? output)
    {
        RunDirectory directory = RunDirectory.ForResume(output, Read(parsed, options, new TrainSettings()));
        RunRecord record = RunRecord.Load(directory.Location);
        foreach (Setting option in options)
        {
            if (option.Apply(parsed, record.Settings) != record.Settings)
            {
                string was = option.Text(record.Settings) ?? "left out";
                throw new ThalwegException(
                    $"--resume: the run in {directory.Location} was started with {option.Option.Name} {was}; "
                    + "leave the option out, or start a new run");
            }
        }

        return new RunStart(record.Settings, directory, record, record.OpensTest);
    }

    /// <summary>The settings that the options on the command line give.</summary>
    internal static TrainSettings Read(ParseResult parsed, IReadOnlyList<Setting> options, TrainSettings defaults)
    {
        TrainSettings settings = options.Aggregate(defaults, (current, option) => option.Apply(parsed, current));
        bool hasBoth = options.Count(option => option.Option.Name is "--header" or "--no-header" && option.IsGiven(parsed)) == 2;
        return hasBoth ? throw new ThalwegException("--header and --no-header contradict each other; leave one out") : settings;
    }
}
