using System.CommandLine;
using Thalweg.Data;

namespace Thalweg.Cli.Options;

/// <summary>The options that say how a file is laid out; all may be left out, and are then found by looking.</summary>
internal sealed class LayoutOptions
{
    private readonly Option<string?> _columns =
        OptionFactory.Names("--columns", "Names of all columns, in order, for a file without a header");
    private readonly Option<bool> _header = OptionFactory.Switch("--header", "The first row names the columns [default: found by looking]");
    private readonly Option<bool> _noHeader = OptionFactory.Switch("--no-header", "The first row is data already");
    private readonly Option<string?> _layout = MakeLayout();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_columns);
        command.Options.Add(_header);
        command.Options.Add(_noHeader);
        command.Options.Add(_layout);
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
        Layout = LayoutOf(parsed.GetValue(_layout)),
    };

    /// <summary>The option that says the order of the axes of images.</summary>
    public static Option<string?> MakeLayout() => OptionFactory.Choice(
        "--layout", ["channels-first", "channels-last"],
        "Order of the axes of images in NumPy and IDX files [default: found by the axis of 1, 3 or 4 channels]");

    /// <summary>The layout of a word; null where none is given.</summary>
    public static ImageLayout? LayoutOf(string? word) => word switch
    {
        null => null,
        "channels-first" => ImageLayout.ChannelsFirst,
        _ => ImageLayout.ChannelsLast,
    };

    /// <summary>Names parted by commas.</summary>
    public static string[]? Split(string? names) => names?.Split(',', StringSplitOptions.TrimEntries);
}
