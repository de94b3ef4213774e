using System.CommandLine;
using Thalweg.Cli.Comparisons;
using Thalweg.Cli.Options;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg compare</c>: which optimizer is best on some data, with equal tuning budgets.</summary>
internal static class CompareCommand
{
    private const string Summary = """
        Compares optimizers, initializers and normalizations on validation data, each with the same budget of learning rates and seeds.

        Each is ranked at its best rate, with seeds that the tuning has not seen. The folder given by --out gets comparison.html, a
        page with the curves, and comparison.json. Each finished trial goes to journal.jsonl there: the comparison can be ended or killed
        at any time, and --resume continues to the same result. Test data are read for --open-test alone, once, for the winner.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        CompareOptions options = new();
        Option<bool> openTest = OptionFactory.Switch(
            "--open-test", "Read the test data at the end, once, for the winner; the first reading is kept and counted");
        Option<int?> parallel = OptionFactory.Whole(
            "--parallel", "N", 1, "Trials at a time, each on one thread; changes the speed alone [default: all processors]");
        Option<string?> output = OptionFactory.Text(
            "--out", "DIR", "Folder of the comparison [default: runs/compare-DATA-SEED, with a number behind where that is taken]");
        Option<bool> force = OptionFactory.Switch("--force", "Replace the comparison that the folder holds");
        Option<bool> resume = OptionFactory.Switch("--resume",
            "Continue with the comparison in the folder of --out, or the latest; its options are taken from there");
        Option<string?> index = IndexOption.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON, one object per line");
        Command command = new("compare", Summary);
        foreach (Option option in (IEnumerable<Option>)[.. options.All, openTest, parallel, output, force, resume, index, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            bool goesOn = parsed.GetValue(resume);
            if (goesOn && parsed.GetValue(force))
                throw new ThalwegException("--resume and --force contradict each other; leave one out");
            if (goesOn && options.Given(parsed).FirstOrDefault() is { } given)
            {
                throw new ThalwegException(
                    $"{given}: --resume takes it from the folder of the comparison; leave it out, or start a new comparison");
            }

            string? asked = parsed.GetValue(output);
            string folder = goesOn ? CompareFolder.ForResume(asked) : "";
            CompareSettings settings = goesOn ? CompareSettings.Load(folder) : options.Read(parsed);
            if (!goesOn)
                folder = CompareFolder.ForNew(asked, settings, parsed.GetValue(force));
            int trials = parsed.GetValue(parallel) ?? Threads.Count;
            settings = settings with { ReadsTest = settings.ReadsTest || parsed.GetValue(openTest) };
            using IRunIndex runs = IndexOption.Open(parsed.GetValue(index), folder);
            return new CompareRun(settings, folder, trials, ComparePrinters.Choose(parsed.GetValue(json)), runs).Run(isNew: !goesOn);
        });
        return command;
    }
}
