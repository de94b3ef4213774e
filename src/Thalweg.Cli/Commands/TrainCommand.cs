using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Diagnosis;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg train</c>: from data to a trained, saved and evaluated model.</summary>
internal static class TrainCommand
{
    private const string Summary = """
        Trains a network and keeps the weights of the best validation epoch.

        Test data are for the end: training does not see them, and they are read only for --open-test, or later by
        thalweg eval --part test. Every reading is written down, and the report says how many models were judged on the same rows.

        Without options it trains on drawn digits. The folder given by --out gets model.safetensors, run.json, recipe.yaml (all that was
        asked for, with the defaults filled in; thalweg train takes it), events.jsonl, and checkpoints/ with the state of the run: it is saved
        at once, every 30 seconds, by Ctrl-C and at the end, and --resume continues from it to the same bits.
        With --json the output is one JSON object per line: {"event":"epoch",...} after each epoch, {"event":"result",...} at the end.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions recipes = new(TrainOptions.Make());
        Option<bool> print = OptionFactory.Switch(
            "--print-recipe", "Print the recipe with the defaults filled in, and why each was chosen; do not train");
        Option<int?> threads = OptionFactory.Whole(
            "--threads", "N", 1, "Threads of the kernels; changes the speed alone [default: all processors]");
        Option<string?> output = OptionFactory.Text(
            "--out", "DIR", "Folder of the run [default: runs/DATA-SEED, with a number behind where that is taken]");
        Option<bool> openTest = OptionFactory.Switch("--open-test", "Read the test data at the end; every reading is counted");
        Option<bool> force = OptionFactory.Switch("--force", "Replace the run that the folder holds");
        Option<string?> resume = OptionFactory.OptionalText(
            "--resume", "DIR", "Resume a run to the same bits as if it had never stopped; its options are taken from the folder, by default "
                + "that of --out. A finished run is continued with more --epochs");
        Option<string?> overrides = OptionFactory.Text(
            "--override", "WORD,WORD", $"Changes that --resume takes: {string.Join(", ", ResumeOverrides.Names)}");
        LabelOptions labels = new();
        Option<string?> index = IndexOption.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Option<bool> overfit = OptionFactory.Switch(
            "--overfit-batch", "Train on the first batch alone, over and over, and tell whether it is learned; nothing is saved");
        Option<bool> refit = OptionFactory.Switch(
            "--refit", "Then train on all rows that are no test data, for the epochs that validation chose; into the folder refit");
        Option<bool> doctor = OptionFactory.Switch(
            "--doctor", "Watch the training and say while it runs what is wrong; the weights are the same to the bit");
        Command command = new("train", Summary);
        recipes.AddTo(command);
        foreach (Option option in (Option[])
            [print, overfit, refit, doctor, openTest, threads, output, force, resume, overrides, .. labels.All, index, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is { } count)
                Threads.Count = count;
            bool resumes = parsed.GetResult(resume) is not null;
            if (resumes && parsed.GetValue(force))
                throw new ThalwegException("--resume and --force contradict each other; leave one out");
            if (parsed.GetValue(doctor) && recipes.Read(parsed).Data.Split is { Folds: not null, Fold: null })
                throw new ThalwegException("--doctor and --folds contradict each other; examine one fold, or leave one out");
            if (parsed.GetValue(print))
                return Print(recipes.Read(parsed));
            if (parsed.GetValue(overfit))
                return OverfitBatch.Run(recipes.Read(parsed), parsed.GetValue(json));
            ITrainPrinter printer = TrainPrinters.Choose(parsed.GetValue(json));
            using IRunIndex runs = IndexOption.Open(parsed.GetValue(index), parsed.GetValue(output));
            RunOptions options = labels.Apply(parsed, new RunOptions
            {
                Folder = parsed.GetValue(resume) ?? parsed.GetValue(output),
                Overrides = parsed.GetValue(overrides) is { } words ? ResumeOverrides.Parse(words) : [],
                Replaces = parsed.GetValue(force),
                OpensTest = parsed.GetValue(openTest),
                Describe = TrainOptions.CommandLine,
                StepEnded = printer.Step,
                Index = runs,
            });
            DoctorObserver? watcher = parsed.GetValue(doctor) ? new DoctorObserver() : null;
            if (watcher is not null)
                options = options with { Observers = [watcher] };
            if (!resumes && recipes.Read(parsed) is { Data.Split: { Folds: not null, Fold: null } } folded)
                return FoldRuns.Run(folded, options, (parsed.GetValue(refit), parsed.GetValue(json)));
            if (resumes)
                options = Resumed(parsed, recipes, options);
            if (resumes && CrossValidation.IsIn(options.Folder!))
                return FoldRuns.Run(null, options, (parsed.GetValue(refit), parsed.GetValue(json)));
            Run run = resumes
                ? Runs.Run.Reopen(options.Folder!, options)
                : Runs.Run.Create(recipes.Read(parsed), First(options, parsed, refit));
            if (watcher is not null)
                DoctorPrinter.Watch(watcher, run, printer);
            (int code, RunResult result) = Execute(run, printer);
            if (watcher?.Failure is { } failure)
                printer.Note("doctor", failure);
            return code == ExitCode.Success && parsed.GetValue(refit)
                ? Execute(Refit.Create(run.Plan.Recipe, result, options with { Folder = null }), printer).Code
                : code;
        });
        return command;
    }

    private static int Print(Recipe recipe)
    {
        Data.DataSplit split = recipe.OpenData().Split;
        Console.Out.Write(recipe.Resolve(split.Training).ToCommentedYaml(split));
        return ExitCode.Success;
    }

    /// <summary>The options of what is resumed: its folder, and what the command line changes.</summary>
    private static RunOptions Resumed(ParseResult parsed, RecipeOptions recipes, RunOptions options)
    {
        RunFolder folder = options.Folder is { } asked ? new RunFolder(asked) : RunFolder.LatestUnfinished(recipes.Read(parsed));
        if (!CrossValidation.IsIn(folder.Location))
            folder.RefuseAbsent();
        return options with { Folder = folder.Location, Change = recipe => recipes.Change(parsed, recipe) };
    }

    /// <summary>The options of a run that may be refitted: then that one alone reads the test data.</summary>
    private static RunOptions First(RunOptions options, ParseResult parsed, Option<bool> refit) =>
        parsed.GetValue(refit) ? options with { OpensTest = false } : options;

    /// <summary>Trains, and tells how it goes.</summary>
    public static (int Code, RunResult Result) Execute(Run run, ITrainPrinter printer)
    {
        printer.Begin(run.Plan);
        using Interrupt interrupt = new();
        RunResult? result = null;
        printer.Around(() => result = run.Execute(new PrinterProgress(printer), interrupt.Token));
        printer.End(result!);
        return (result!.Reason switch
        {
            EndReason.Cancelled => interrupt.ExitCode,
            EndReason.NonFinite => ExitCode.NonFinite,
            _ => run.Plan.Recipe.Data.Strict && result.Warnings.Count > 0 ? ExitCode.BadInput : ExitCode.Success,
        }, result);
    }

    /// <summary>Passes the epochs of a run, and what went wrong, on to a printer.</summary>
    private sealed class PrinterProgress(ITrainPrinter printer) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is RunEvent.EpochEnded ended)
                printer.Epoch(ended.Report);
            else if (value is RunEvent.Recovered recovered)
                printer.Note("recovered", recovered.Message);
            else if (value is RunEvent.Fault fault)
                printer.Note("fault", fault.Message);
        }
    }
}
