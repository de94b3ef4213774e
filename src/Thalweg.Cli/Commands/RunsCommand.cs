using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg runs</c>: finds runs again, compares, exports and deletes them.</summary>
internal static class RunsCommand
{
    /// <summary>Makes the command with its parts.</summary>
    public static Command Make() => new("runs", "Lists, shows, compares, exports and deletes runs")
    {
        MakeList(),
        MakeShow(),
        MakeDiff(),
        MakeExport(),
        RunsDeleteCommand.MakeDelete(),
        RunsDeleteCommand.MakePrune(),
        MakeReindex(),
    };

    private static Command MakeList()
    {
        RunQueryOptions query = new();
        Option<string?> columns = OptionFactory.Text("--columns", "FIELDS", "Fields to show, separated by commas");
        Option<int?> limit = OptionFactory.Whole("--limit", "N", 1, "Most runs");
        Option<bool> csv = OptionFactory.Switch("--csv", "Print CSV"), json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("list", "Lists runs: filtered and sorted by any setting or figure") { columns, limit };
        query.AddTo(command);
        command.Options.Add(csv);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using IRunIndex index = query.Open(parsed);
            RunIndexing.Refresh(index);
            RunFields fields = RunQueryOptions.Fields(index);
            RunField[]? asked = parsed.GetValue(columns) is { } names
                ? [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(fields.Find)] : null;
            IReadOnlyList<RunSummary> runs = index.Query(query.Read(parsed, fields) with
            {
                Limit = parsed.GetValue(limit),
                Fields = asked ?? RunTable.Usual,
            });
            Print(RunTable.Of(runs, asked ?? RunTable.Usual, dropsEmpty: asked is null), parsed.GetValue(csv), parsed.GetValue(json));
            WriteNotes(index);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeShow()
    {
        (Argument<string> name, Option<string?> index) = (RunArgument("run"), IndexOption.Make());
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("show", "Shows all settings and figures of a run") { name, index, json };
        command.SetAction(parsed =>
        {
            using IRunIndex runs = Storage.RunIndexes.Open(parsed.GetValue(index));
            RunSummary run = RunIndexing.Find(runs, parsed.GetValue(name)!);
            if (parsed.GetValue(json))
                Print(RunTable.Of([run]), csv: false, json: true);
            else
                PlainTable.Write(RunsText.Lines(run));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeDiff()
    {
        (Argument<string> first, Argument<string> second) = (RunArgument("run"), RunArgument("other"));
        Option<string?> index = IndexOption.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("diff", "Shows in which settings and figures two runs differ") { first, second, index, json };
        command.SetAction(parsed =>
        {
            using IRunIndex runs = Storage.RunIndexes.Open(parsed.GetValue(index));
            RunSummary left = RunIndexing.Find(runs, parsed.GetValue(first)!), right = RunIndexing.Find(runs, parsed.GetValue(second)!);
            IReadOnlyList<RecipeDifference> differences = RunTable.Diff(left, right);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(writer => writer.WriteObjects("differences", differences, difference =>
                {
                    writer.WriteString("field", difference.Path);
                    writer.WriteString("old", difference.Old);
                    writer.WriteString("new", difference.New);
                }));
            }
            else
            {
                PlainTable.Write([["", RunsText.Folder(left), RunsText.Folder(right)], .. differences
                    .Select(difference => new[] { difference.Path, difference.Old ?? "-", difference.New ?? "-" })]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeExport()
    {
        RunQueryOptions query = new();
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON in place of CSV");
        Command command = new("export", "Prints all settings and figures of runs, as CSV or JSON");
        query.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using IRunIndex index = query.Open(parsed);
            RunIndexing.Refresh(index);
            IReadOnlyList<RunSummary> runs = index.Query(query.Read(parsed, RunQueryOptions.Fields(index)));
            Print(RunTable.Of(runs), csv: !parsed.GetValue(json), parsed.GetValue(json));
            WriteNotes(index);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeReindex()
    {
        Argument<string[]> folders = new("folders")
        {
            HelpName = "DIR",
            Description = $"Folders under which runs lie [default: {RunFolders.Default}]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> index = IndexOption.Make();
        Command command = new("reindex", "Makes the index anew from the folders of the runs") { folders, index };
        command.SetAction(parsed =>
        {
            string[] roots = parsed.GetValue(folders) is { Length: > 0 } given ? given : [RunFolders.Default];
            if (roots.FirstOrDefault(root => !Directory.Exists(root)) is { } missing)
                throw new ThalwegException($"{missing}: expected a folder with runs, found none; give those under which runs lie");
            using IRunIndex runs = Storage.RunIndexes.Open(parsed.GetValue(index), roots);
            (int count, IReadOnlyList<string> notes) = RunIndexing.Rebuild(runs, roots);
            foreach (string note in notes)
                Console.Error.WriteLine($"note: {note}");
            Console.Out.WriteLine($"{Figures.Plural(count, "run")} in {runs.Description}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string> RunArgument(string name) =>
        new(name) { HelpName = "RUN", Description = "Folder or name of a run" };

    private static void Print(RunTable table, bool csv, bool json)
    {
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WritePropertyName("runs");
                table.WriteJson(writer);
            });
        }
        else if (csv)
        {
            table.WriteCsv(Console.Out);
        }
        else if (table.Runs.Count > 0)
        {
            PlainTable.Write(RunsText.Table(table));
        }
    }

    private static void WriteNotes(IRunIndex index)
    {
        foreach (string note in (index as FolderIndex)?.Notes ?? [])
            Console.Error.WriteLine($"note: {note}");
    }
}
