using System.CommandLine;
using Thalweg.Data;

namespace Thalweg.Cli.Options;

/// <summary>The options that say how a text file is laid out; all may be left out, and are then found by looking.</summary>
internal sealed class LayoutOptions
{
    private static readonly (string Word, char Character)[] s_separators = [("tab", '\t'), ("space", ' ')];
    private static readonly (string Word, char Character)[] s_comments = [("none", '\0')];

    private readonly Option<string?> _columns =
        OptionFactory.Names("--columns", "Names of all columns, in order, for a file without a header");
    private readonly Option<bool> _header = OptionFactory.Switch("--header", "The first row names the columns [default: found by looking]");
    private readonly Option<bool> _noHeader = OptionFactory.Switch("--no-header", "The first row is data already");
    private readonly Option<char?> _separator = MakeSeparator();
    private readonly Option<string?> _encoding = MakeEncoding();
    private readonly Option<char?> _comment = MakeComment();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_columns);
        command.Options.Add(_header);
        command.Options.Add(_noHeader);
        command.Options.Add(_separator);
        command.Options.Add(_encoding);
        command.Options.Add(_comment);
    }

    /// <summary>Names of the columns as given, or null.</summary>
    public string? Columns(ParseResult parsed) => parsed.GetValue(_columns);

    /// <summary>Whether there is a header, or null to find out.</summary>
    /// <exception cref="ThalwegException">Both were given.</exception>
    public bool? HasHeader(ParseResult parsed) => (parsed.GetValue(_header), parsed.GetValue(_noHeader)) switch
    {
        (true, true) => throw new ThalwegException("--header and --no-header contradict each other; leave one out"),
        (true, false) => true,
        (false, true) => false,
        _ => null,
    };

    /// <summary>The options as the library takes them.</summary>
    public DataOptions Read(ParseResult parsed) => new()
    {
        ColumnNames = Split(Columns(parsed)),
        HasHeader = HasHeader(parsed),
        Separator = parsed.GetValue(_separator),
        Encoding = parsed.GetValue(_encoding),
        Comment = parsed.GetValue(_comment),
    };

    /// <summary>The option of the separator.</summary>
    public static Option<char?> MakeSeparator() =>
        OptionFactory.Character("--separator", s_separators, "What separates the cells of a text file [default: found by looking]");

    /// <summary>The option of the encoding.</summary>
    public static Option<string?> MakeEncoding() => OptionFactory.Text(
        "--encoding", "NAME", "Character encoding of a text file: utf-8, utf-16, windows-1252, ... [default: found by looking]");

    /// <summary>The option of comments.</summary>
    public static Option<char?> MakeComment() => OptionFactory.Character(
        "--comment", s_comments, "Skip lines that begin with it, such as '#' [default: only lines before the table that cannot be rows]");

    /// <summary>A separator, or a mark of comments, as its option reads it.</summary>
    public static string Word(char? character) =>
        s_separators.Concat(s_comments).FirstOrDefault(word => word.Character == character).Word ?? character.ToString()!;

    /// <summary>Names parted by commas.</summary>
    public static string[]? Split(string? names) => names?.Split(',', StringSplitOptions.TrimEntries);
}
