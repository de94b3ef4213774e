using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Studies;
using Thalweg.Runs;
using Thalweg.Storage;
using Thalweg.Tuning;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg tune</c>: chooses settings on validation data.</summary>
internal static class TuneCommand
{
    private const string Summary = """
        Tunes the settings of a recipe on validation data, and says how much of the best score is luck.

        Each trial is a run in a folder of its own. Which trials there are does not depend on the number of workers, or on when one dies: more
        workers, also on other machines, join with --resume. The best trials are trained again with other seeds, on rows that the search never
        scored; the winner is then trained as the recipe says. Test data are read for --open-test alone, once, for the winner.
        """;

    /// <summary>Makes the command with its parts.</summary>
    public static Command Make()
    {
        TuneOptions options = new();

        // Options that both have mean the study: --set training.sampler=balanced is still there.
        RecipeOptions recipes = new([.. TrainOptions.Make().Where(setting => options.All.All(own => own.Name != setting.Option.Name))]);
        Option<int?> workers = OptionFactory.Whole(
            "--workers", "N", 1, "Trials at a time, each on one thread; changes the speed alone [default: 1]");
        Option<string?> time = OptionFactory.Text("--time-budget", "TIME",
            "Time after which no further trial begins, as in 2h; finalists and winner are still trained [default: no limit]");
        Option<int?> keep = OptionFactory.Whole("--keep-trials", "N", 1,
            "Best trials that keep checkpoints and model; another one that is wanted again begins again [default: all]");
        Option<string?> output = OptionFactory.Text(
            "--out", "DIR", "Folder of the study [default: runs/tune-DATA-SEED, with a number behind where that is taken]");
        Option<string?> storage = OptionFactory.Text("--storage", $"FILE|{StudyStorages.Postgres}",
            $"Where the study is kept: a file of SQLite, or PostgreSQL by {StudyStorages.Variable} [default: a journal in the folder]");
        Option<bool> resume = OptionFactory.Switch(
            "--resume", "Continue with the study in the folder of --out, or the latest, or join its workers");
        Option<bool> extend = OptionFactory.Switch(
            "--extend", "Continue it with more trials, another space, sampler or pruner, or more finalists");
        Option<bool> openTest = OptionFactory.Switch("--open-test", "Read the test data at the end, once, for the winner");
        Option<string?> index = IndexOption.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Command command = new("tune", Summary);
        recipes.AddTo(command);
        foreach (Option option in (Option[])[.. options.All, workers, time, keep, openTest, output, storage, resume, extend, index, json])
            command.Options.Add(option);
        foreach (Command part in TuneReading.Make())
            command.Subcommands.Add(part);
        command.SetAction(parsed =>
        {
            bool extends = parsed.GetValue(extend);
            TimeSpan? budget = TuneOptions.Time(parsed.GetValue(time));
            bool continues = extends || parsed.GetValue(resume);
            string folder = continues ? TuneFolder.ForResume(parsed.GetValue(output)) : parsed.GetValue(output) ?? "";
            if (continues && !extends && options.Given(parsed) is { } given)
            {
                throw new ThalwegException(
                    $"{given}: --resume takes it from the folder of the study; leave it out, or change it with --extend");
            }

            if (continues && recipes.Given(parsed) is { } fixedField)
                throw new ThalwegException($"{fixedField}: a study that has begun keeps its recipe; leave it out, or start a new study");
            TuneRequest request = new(recipes, options, parsed) { Folder = folder, Storage = parsed.GetValue(storage), Extends = extends };
            using Study study = continues ? request.Continue() : request.Begin();
            using IRunIndex runs = IndexOption.Open(parsed.GetValue(index), request.Folder);
            StudyRunOptions run = new()
            {
                Workers = parsed.GetValue(workers) ?? 1,
                MaxTime = budget,
                KeepTrials = parsed.GetValue(keep),
                Folder = request.Folder,
            };
            TrialTraining training = new(study, request.Folder, new TrialTrainingOptions
            {
                Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(request.Folder)),
                OpensTest = parsed.GetValue(openTest),
                Index = runs,
            });
            return Run((study, training), run, TunePrinters.Choose(parsed.GetValue(json)), request.Folder);
        });
        return command;
    }

    private static int Run((Study Study, TrialTraining Training) work, StudyRunOptions options, ITunePrinter printer, string folder)
    {
        printer.Begin(work.Study.Definition, folder, options.Workers);
        using Interrupt interrupt = new();
        StudyResult? result = null;
        printer.Around(() => result = StudyWorkers.Run(
            work.Study, work.Training, options with { JobEnded = printer.Job }, interrupt.Token));
        StudyPage.Write(Path.Combine(folder, StudyPage.FileName), result!);
        if (!result!.IsFinished)
        {
            printer.Interrupted(result, folder);
            return interrupt.Token.IsCancellationRequested ? interrupt.ExitCode : ExitCode.Success;
        }

        printer.End(result, folder);
        return ExitCode.Success;
    }
}
