using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg runs delete</c> and <c>prune</c>: what they delete is shown first, and asked for.</summary>
internal static class RunsDeleteCommand
{
    private const string DeleteSummary = """
        Deletes runs with all files in their folders.

        A folder that holds no run, or is a link, is refused. The readings of test data are kept.
        """;

    private const string PruneSummary = """
        Deletes the runs that a filter finds, or all but the best, and forgets those whose folders are gone.

        Runs under way are left alone. The readings of test data are kept.
        """;

    /// <summary>Makes the command that deletes runs by name.</summary>
    public static Command MakeDelete()
    {
        Argument<string[]> names = new("runs")
        {
            HelpName = "RUN",
            Description = "Folder or name of a run",
            Arity = ArgumentArity.OneOrMore,
        };
        (Option<string?> index, Option<bool> yes) = (IndexOption.Make(), YesOption());
        Command command = new("delete", DeleteSummary) { names, index, yes };
        command.SetAction(parsed =>
        {
            using IRunIndex runs = Storage.RunIndexes.Open(parsed.GetValue(index));
            string[] folders = [.. parsed.GetValue(names)!.Select(name =>
                Path.Exists(name) ? RunDeletion.Check(name).Path : RunIndexing.Find(runs, name).Folder).Distinct()];
            return Delete(folders, runs, parsed.GetValue(yes));
        });
        return command;
    }

    /// <summary>Makes the command that deletes runs by a query.</summary>
    public static Command MakePrune()
    {
        RunQueryOptions query = new("--by", "Setting or figure that says which are best: largest first [default: started]");
        Option<int?> keep = OptionFactory.Whole("--keep", "N", 0, "Runs that are kept, the best by --by");
        Option<bool> yes = YesOption();
        Command command = new("prune", PruneSummary) { keep };
        query.AddTo(command);
        command.Options.Add(yes);
        command.SetAction(parsed =>
        {
            if (!query.HasFilter(parsed) && parsed.GetValue(keep) is null)
                throw new ThalwegException("runs prune: expected --where, or --keep, found neither; say which runs may go");
            using IRunIndex index = query.Open(parsed);
            RunIndexing.Refresh(index);
            IReadOnlyList<RunSummary> found = RunDeletion.Prunable(
                index, query.Read(parsed, RunQueryOptions.Fields(index)), parsed.GetValue(keep) ?? 0);
            foreach (RunSummary gone in found.Where(run => !RunFolders.HoldsRun(run.Folder)))
            {
                index.Remove(gone);
                Console.Out.WriteLine($"forgotten, since its folder is gone: {RunsText.Folder(gone)}");
            }

            return Delete([.. found.Select(run => run.Folder).Where(RunFolders.HoldsRun)], index, parsed.GetValue(yes));
        });
        return command;
    }

    private static Option<bool> YesOption() => OptionFactory.Switch("--yes", "Delete without asking");

    private static int Delete(IReadOnlyList<string> folders, IRunIndex index, bool isAgreed)
    {
        (string Path, int Inner)[] all = [.. folders.Select(RunDeletion.Check)];
        if (all.Length == 0)
        {
            Console.Out.WriteLine("no run to delete");
            return ExitCode.Success;
        }

        if (!isAgreed)
        {
            foreach ((string path, int inner) in all)
                Console.Out.WriteLine(inner == 0 ? path : $"{path} (with {Figures.Plural(inner, "run")} in it)");
            Console.Out.Write($"Delete {Figures.Plural(all.Length, "folder")} with all files? [y/N] ");
            Console.Out.Flush();
            if (Console.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
                throw new ThalwegException("nothing was deleted; answer y, or give --yes");
        }

        foreach ((string path, _) in all)
        {
            RunDeletion.Delete(path, index);
            Console.Out.WriteLine($"deleted {path}");
        }

        return ExitCode.Success;
    }
}
