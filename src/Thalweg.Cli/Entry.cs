using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Thalweg.Cli.Commands;
using Thalweg.Cli.Help;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Cli;

/// <summary>From the words on the command line to an exit code: every failure is one line on the error output.</summary>
public static class Entry
{
    /// <summary>Environment variable that shows where an unexpected error comes from.</summary>
    public const string DebugVariable = "THALWEG_DEBUG";

    private const string HelpOption = "--help";

    private const string Summary = """
        Trains deep networks: from a file to a trained, saved and evaluated model.

        Exit codes: 0 done; 2 bad input or option (one line on the error output, nothing written), or warnings under --strict;
        3 the loss became NaN or infinite (the last good weights are saved); 70 an error of the program; 130 ended by Ctrl-C (the run is saved and can be resumed).
        """;

    private static readonly (string Name, Func<Command> Make)[] s_commands =
    [
        ("train", TrainCommand.Make),
        ("init", InitCommand.Make),
        ("lr-find", RateFindCommand.Make),
        ("batch-find", BatchFindCommand.Make),
        ("eval", EvalCommand.Make),
        ("predict", PredictCommand.Make),
        ("report", ReportCommand.Make),
        ("calibrate", CalibrateCommand.Make),
        ("bench-model", BenchModelCommand.Make),
        ("audit", AuditCommand.Make),
        ("doctor", DoctorCommand.Make),
        ("runs", RunsCommand.Make),
        ("data", DataCommand.Make),
        ("compare", CompareCommand.Make),
        ("tune", TuneCommand.Make),
        ("lab", LabCommand.Make),
        ("verify-resume", VerifyResumeCommand.Make),
        ("optimizers", () => CatalogueCommand.Make("optimizers")),
        ("initializers", () => CatalogueCommand.Make("initializers")),
        ("schedules", () => CatalogueCommand.Make("schedules")),
        ("minimizers", () => CatalogueCommand.Make("minimizers")),
        ("regularizers", () => CatalogueCommand.Make("regularizers")),
        .. ChoicesCommand.All,
        ("docs", DocsCommand.Make),
        ("completion", CompletionCommand.Make),
        ("version", VersionCommand.Make),
    ];

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">Words after the program's name.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments)
    {
        try
        {
            ParquetFormat.Register();

            // Without response files: an argument may well begin with '@'. Without bundling: -1 is a number.
            ParserConfiguration parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
            RootCommand root = MakeRoot(arguments);
            ParseResult parsed = root.Parse(arguments, parser);

            // Only a group of commands, such as thalweg or thalweg data: what there is in it.
            if (parsed is { CommandResult.Command: { Action: null, Subcommands.Count: > 0 }, UnmatchedTokens.Count: 0 })
                parsed = root.Parse([.. arguments, HelpOption], parser);
            return parsed.Errors.Count > 0 || parsed.CommandResult.Tokens.Any(token => IsOption(token.Value))
                ? Refuse(Explain(parsed))
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (ThalwegException error)
        {
            return IsDebug ? Fail(error, ExitCode.BadInput) : Refuse(FlagNames.In(error.Message));
        }
        catch (ClosedPipeException)
        {
            return ExitCode.Success;
        }
        catch (OutOfMemoryException)
        {
            return Refuse("there is not enough memory for this; use less data, a smaller network or a smaller batch");
        }
        catch (Exception error)
        {
            return Fail(error, ExitCode.Internal);
        }
    }

    private static bool IsDebug => Environment.GetEnvironmentVariable(DebugVariable) is "1" or "true";

    /// <summary>The commands; only the one that is called, where one is, since making the others takes time for nothing.</summary>
    private static RootCommand MakeRoot(string[] arguments)
    {
        RootCommand root = new(Summary);
        bool isKnown = arguments.Length > 0 && s_commands.Any(command => command.Name == arguments[0]);
        foreach ((string name, Func<Command> make) in s_commands)
        {
            if (!isKnown || name == arguments[0])
                root.Subcommands.Add(make());
        }

        root.Options.OfType<HelpOption>().Single().Action = new HelpPage();
        return root;
    }

    private static string Explain(ParseResult parsed)
    {
        string message = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "";
        IEnumerable<string> names = parsed.CommandResult.Command.Options.Select(option => option.Name)
            .Concat(parsed.CommandResult.Command.Subcommands.Select(command => command.Name));
        string remedy = $"thalweg {string.Join(' ', Path(parsed.CommandResult))}--help lists what there is";

        // What looks like an option and is none was taken for an argument.
        string? mistyped = parsed.CommandResult.Tokens.Select(token => token.Value).FirstOrDefault(IsOption);
        if ((mistyped ?? parsed.UnmatchedTokens.FirstOrDefault()) is not { } unknown)
            return message.StartsWith("--", StringComparison.Ordinal) ? message : $"{message.TrimEnd('.')}; {remedy}";
        IReadOnlyList<string> near = NearestName.Find(unknown, names);
        string kind = unknown.StartsWith('-') ? "option" : parsed.CommandResult.Command.Subcommands.Count > 0 ? "command" : "argument";
        return $"unknown {kind} '{unknown}'{(near.Count > 0 ? $" (did you mean {near[0]}?)" : "")}; {remedy}";
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)}{result.Command.Name} " : "";

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"thalweg: {SecretText.Mask(message.ReplaceLineEndings(" "))}");
        return ExitCode.BadInput;
    }

    private static int Fail(Exception error, int code)
    {
        Console.Error.WriteLine(SecretText.Mask(IsDebug
            ? $"thalweg: {error}"
            : $"thalweg: unexpected error: {error.Message.ReplaceLineEndings(" ")} ({error.GetType().Name}); "
                + $"set {DebugVariable}=1 to see where"));
        return code;
    }
}
