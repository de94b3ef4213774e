using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Storage;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>The parts of <c>thalweg tune</c> that read a study.</summary>
internal static class TuneReading
{
    /// <summary>Makes them.</summary>
    public static IEnumerable<Command> Make() => [MakeList(), MakeShow(), MakeBest(), MakeExport()];

    private static Command MakeList()
    {
        Argument<string?> parent = new("DIR") { Description = "Folder in which the studies lie [default: runs]", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Command command = new("list", "Lists the studies, the latest first") { parent, json };
        command.SetAction(parsed =>
        {
            List<string[]> rows = [["study", "trials", "done", "best score", "winner"]];
            foreach (string folder in TuneFolder.All(parsed.GetValue(parent)))
            {
                using Study study = Study.Open(StudyStorages.Open(folder));
                StudyResult result = study.Result();
                if (parsed.GetValue(json))
                    JsonTunePrinter.Write(result, folder, "study");
                rows.Add(TuneText.Summary(result, folder));
            }

            if (!parsed.GetValue(json))
                PlainTable.Write(rows);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeShow()
    {
        (Argument<string> study, Option<bool> json) = (StudyArgument(), OptionFactory.Switch("--json", "Print one JSON document"));
        Option<bool> open = OptionFactory.Switch("--open", "Show the page in the browser");
        Command command = new("show", "Shows the trials of a study, and writes its page anew") { study, json, open };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(study), page = Path.Combine(folder, StudyPage.FileName);
            StudyResult result = Read(folder);
            StudyPage.Write(page, result);
            if (parsed.GetValue(json))
            {
                JsonTunePrinter.Write(result, folder, "study");
            }
            else
            {
                PlainTable.Write(TuneText.Table(result));
                if (result.Winner is not null)
                    PlainTable.Write(TuneText.Closing(result, folder));
            }

            if (parsed.GetValue(open))
                PageOpener.Open(page);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeBest()
    {
        (Argument<string> study, Option<bool> json) = (StudyArgument(), OptionFactory.Switch("--json", "Print one JSON document"));
        Command command = new("best", "Shows what a study came to: winner, intervals, optimism, importance") { study, json };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(study);
            StudyResult result = Read(folder);
            _ = result.RequireWinner();
            if (parsed.GetValue(json))
                JsonTunePrinter.Write(result, folder, "study");
            else
                PlainTable.Write(TuneText.Closing(result, folder));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeExport()
    {
        Argument<string> study = StudyArgument();
        Option<bool> trials = OptionFactory.Switch("--trials", "Print all trials as comma-separated values in place of the recipe");
        Option<int?> trial = OptionFactory.Whole("--trial", "N", 0, "Trial whose recipe is printed [default: the winner]");
        Command command = new("export", "Prints the winner as a recipe that thalweg train runs, or all trials") { study, trials, trial };
        command.SetAction(parsed =>
        {
            StudyResult result = Read(parsed.GetRequiredValue(study));
            if (parsed.GetValue(trials) && parsed.GetValue(trial) is not null)
                throw new ThalwegException("--trials and --trial contradict each other; leave one out");
            if (parsed.GetValue(trials))
                StudyReading.WriteCsv(Console.Out, result);
            else
                Console.Out.Write(StudyReading.RecipeOf(result, parsed.GetValue(trial)).ToYaml());
            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string> StudyArgument() => new("STUDY") { Description = "Folder of a study" };

    private static StudyResult Read(string folder)
    {
        using Study study = Study.Open(StudyStorages.Open(folder));
        return study.Result();
    }
}
