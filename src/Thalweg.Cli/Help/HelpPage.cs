using System.CommandLine;
using System.CommandLine.Invocation;
using Thalweg.Cli.Printing;

namespace Thalweg.Cli.Help;

/// <summary>The help of a command: what it does, its options in groups, examples; no line wider than a terminal.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter writer = parseResult.InvocationConfiguration.Output;
        foreach (string line in Lines(parseResult.CommandResult.Command, FilledText.Columns))
            writer.WriteLine(line);
        return ExitCode.Success;
    }

    /// <summary>The lines of the help of a command.</summary>
    public static IEnumerable<string> Lines(Command command, int width)
    {
        foreach (string line in FilledText.Paragraphs(command.Description ?? "", width))
            yield return line;
        yield return "";
        yield return "Usage:";
        yield return $"{Indent}{Usage(command)}";
        foreach ((string title, IReadOnlyList<(string Label, string Text)> rows) in Sections(command))
        {
            yield return "";
            yield return $"{title}:";
            foreach (string line in FilledText.Rows(rows, width))
                yield return line;
        }

        if (HelpLayout.ExamplesOf(PathOf(command)) is not { Count: > 0 } examples)
            yield break;
        yield return "";
        yield return "Examples:";
        foreach (string example in examples)
            yield return $"{Indent}{example}";
    }

    /// <summary>The words that call a command.</summary>
    public static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{PathOf(parent)} {command.Name}"
        : HelpLayout.Program;

    private static IEnumerable<(string Title, IReadOnlyList<(string Label, string Text)> Rows)> Sections(Command command)
    {
        if (command.Arguments.Count > 0)
            yield return ("Arguments", [.. command.Arguments.Select(argument => (NameOf(argument), argument.Description ?? ""))]);
        List<(string Title, IReadOnlyList<(string, string)> Rows)> commands =
        [
            .. HelpLayout.Group(command.Subcommands.Where(sub => !sub.Hidden), sub => sub.Name, HelpLayout.Commands, "Commands")
                .Select(group => (group.Title, Rows(group.Items, sub => string.Join(' ', [sub.Name, .. sub.Arguments.Select(NameOf)])))),
        ];
        foreach ((string, IReadOnlyList<(string, string)>) section in commands)
            yield return section;
        foreach ((string title, IReadOnlyList<Option> options) in HelpLayout.OptionsOf(command))
            yield return (title, Rows(options, LabelOf));
    }

    private static (string, string)[] Rows<T>(IEnumerable<T> symbols, Func<T, string> label)
        where T : Symbol => [.. symbols.Select(symbol => (label(symbol), FirstParagraph(symbol.Description ?? "")))];

    private static string FirstParagraph(string text) => text.ReplaceLineEndings("\n").Split("\n\n")[0].Replace('\n', ' ');

    private static string NameOf(Argument argument) => argument.HelpName ?? argument.Name;

    private static string LabelOf(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-')).Append(option.Name)
            .OrderBy(name => name.Length));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> words =
        [
            PathOf(command),
            .. command.Subcommands.Any(sub => !sub.Hidden) ? ["COMMAND"] : Array.Empty<string>(),
            .. command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{NameOf(argument)}]" : NameOf(argument)),
            .. command.Options.Where(option => option.Required).Select(LabelOf),
            "[options]",
        ];
        return string.Join(' ', words);
    }
}
