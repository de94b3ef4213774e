using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Labs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg lab</c>: the claims of the sources, measured.</summary>
internal static class LabCommand
{
    private const string RunSummary = """
        Runs experiments, each of which puts a claim to the test and ends in a verdict.

        The verdict is computed from the figures with their intervals over seeds. Results are kept until code, options or data change.
        The exit code is 1 where a verdict is not the recorded one; with --set nothing is compared.
        """;

    /// <summary>Makes the command with its parts.</summary>
    public static Command Make() => new("lab", "Lists, runs and reports the labs: experiments that put the claims of the sources to the "
        + "test")
    {
        MakeList(),
        MakeRun(),
        MakeAll(),
        MakeReport(),
        MakePlay(),
    };

    private static Command MakeList()
    {
        Option<bool> markdown = OptionFactory.Switch("--markdown",
            "Print the table of all recorded verdicts as a page of the documentation");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("list", "Lists the labs with their recorded verdicts") { markdown, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown))
                Console.Out.Write(LabTable.Markdown());
            else if (parsed.GetValue(json))
                LabPrinter.WriteList();
            else
                LabPrinter.PrintList();
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeRun()
    {
        Argument<string[]> names = new("NAME") { Description = "Names of labs", Arity = ArgumentArity.OneOrMore };
        names.CompletionSources.Add(_ => LabCatalogue.All.Select(lab => new System.CommandLine.Completions.CompletionItem(lab.Name)));
        LabOptions options = new();
        Command command = new("run", RunSummary) { names };
        options.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, [.. parsed.GetValue(names)!.Select(LabCatalogue.Of)]));
        return command;
    }

    private static Command MakeAll()
    {
        LabOptions options = new();
        Option<int?> third = OptionFactory.Whole("--third", "K", 1, "Run one third of the labs alone, 1 to 3 [default: all]");
        Command command = new("all", RunSummary) { third };
        options.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, LabCatalogue.Third(parsed.GetValue(third))));
        return command;
    }

    private static Command MakeReport()
    {
        LabOptions options = new();
        Option<string?> output = OptionFactory.Text("--out", "DIR",
            "Folder of the site, which gets index.html; made if missing [default: labs-report]");
        Option<bool> open = OptionFactory.Switch("--open", "Show the site in the browser");
        Command command = new("report", """
            Runs all labs, as far as their results are not kept yet, and writes them as a site of pages that need nothing else.

            Every claim has a page: its source, the experiment, pictures, figures, the verdict and what would have refuted it, the code.
            English and Chinese; opens from the disk.
            """)
        { output, open };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output) ?? LabReport.DefaultFolder;
            int code = options.Run(parsed, LabCatalogue.All, results => LabReport.Write(folder, results, options.Read(parsed)));
            if (code is ExitCode.Success or ExitCode.Different)
            {
                string page = Path.Combine(folder, LabReport.IndexName);
                Console.Error.WriteLine($"The report is in {page}");
                if (!LabPlayground.IsAvailable)
                    Console.Error.WriteLine("It has no playground: this build is without the libraries for browsers (-p:Playground=true)");
                if (parsed.GetValue(open))
                    PageOpener.Open(page);
            }

            return code;
        });
        return command;
    }

    private static Command MakePlay()
    {
        Option<string?> output = OptionFactory.Text("--out", "FILE", $"The page [default: {LabPlayground.FileName}]");
        Option<bool> open = OptionFactory.Switch("--open", "Show the page in the browser");
        Command command = new("play", """
            Writes the playground: one page that needs nothing else, on which optimizers race and deep networks start.

            The rules of the catalogue run in the browser as WebAssembly. English and Chinese; opens from the disk.
            """)
        { output, open };
        command.SetAction(parsed =>
        {
            string page = parsed.GetValue(output) ?? LabPlayground.FileName;
            LabPlayground.Write(page);
            Console.Error.WriteLine($"The playground is in {page}");
            if (parsed.GetValue(open))
                PageOpener.Open(page);
            return ExitCode.Success;
        });
        return command;
    }
}
