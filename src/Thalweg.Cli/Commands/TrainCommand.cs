using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
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
        asked for, with the defaults filled in; thalweg train takes it) and events.jsonl, and training.safetensors while the run is not
        finished: it is saved every 30 seconds at the end of an epoch, and by Ctrl-C.
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
        Option<bool> resume = OptionFactory.Switch(
            "--resume", "Continue with an unfinished run to the same bits as if it had never stopped; its options are taken from the folder");
        LabelOptions labels = new();
        Option<string?> index = IndexOption.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Option<bool> overfit = OptionFactory.Switch(
            "--overfit-batch", "Train on the first batch alone, over and over, and tell whether it is learned; nothing is saved");
        Option<bool> refit = OptionFactory.Switch(
            "--refit", "Then train on all rows that are no test data, for the epochs that validation chose; into the folder refit");
        Command command = new("train", Summary);
        recipes.AddTo(command);
        foreach (Option option in (Option[])
            [print, overfit, refit, openTest, threads, output, force, resume, .. labels.All, index, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is { } count)
                Threads.Count = count;
            if (parsed.GetValue(resume) && parsed.GetValue(force))
                throw new ThalwegException("--resume and --force contradict each other; leave one out");
            if (parsed.GetValue(print))
                return Print(recipes.Read(parsed));
            if (parsed.GetValue(overfit))
                return OverfitBatch.Run(recipes.Read(parsed), parsed.GetValue(json));
            ITrainPrinter printer = TrainPrinters.Choose(parsed.GetValue(json));
            using IRunIndex runs = IndexOption.Open(parsed.GetValue(index), parsed.GetValue(output));
            RunOptions options = labels.Apply(parsed, new RunOptions
            {
                Folder = parsed.GetValue(output),
                Replaces = parsed.GetValue(force),
                OpensTest = parsed.GetValue(openTest),
                Describe = TrainOptions.CommandLine,
                StepEnded = printer.Step,
                Index = runs,
            });
            if (!parsed.GetValue(resume) && recipes.Read(parsed) is { Data.Split: { Folds: not null, Fold: null } } folded)
                return FoldRuns.Run(folded, options, (parsed.GetValue(refit), parsed.GetValue(json)));
            Run run = parsed.GetValue(resume)
                ? Resume(parsed, recipes, options)
                : Runs.Run.Create(recipes.Read(parsed), First(options, parsed, refit));
            (int code, RunResult result) = Execute(run, printer);
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

    private static Run Resume(ParseResult parsed, RecipeOptions recipes, RunOptions options)
    {
        RunFolder folder = options.Folder is { } asked ? new RunFolder(asked) : RunFolder.LatestUnfinished(recipes.Read(parsed));
        folder.RefuseFinished();
        recipes.RefuseOther(parsed, folder.LoadRecipe(), folder.Location);
        return Runs.Run.Reopen(folder.Location, options);
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

    /// <summary>Passes the epochs of a run on to a printer.</summary>
    private sealed class PrinterProgress(ITrainPrinter printer) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is RunEvent.EpochEnded ended)
                printer.Epoch(ended.Report);
        }
    }
}
