using Thalweg.Cli.Runs;
using Thalweg.Data;

namespace Thalweg.Cli.Options;

/// <summary>The options that say how data are to be read; all may be left out, and are then found by looking.</summary>
internal static class ReadingSettings
{
    private static readonly (string Word, char Character)[] s_words = [("tab", '\t'), ("space", ' ')];
    private static readonly (string Word, char Character)[] s_comments = [("none", '\0')];
    private static readonly (string Word, char Character)[] s_decimals = [("point", '.'), ("comma", ',')];
    private static readonly (string Word, char Character)[] s_groups =
        [("comma", ','), ("point", '.'), ("space", ' '), ("apostrophe", '\'')];

    /// <summary>Names of the options.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Make().Select(setting => setting.Option.Name)];

    /// <summary>Makes the options in the order of help.</summary>
    public static IReadOnlyList<Setting> Make() => [.. Layout(), .. Cells()];

    /// <summary>The settings as the library takes them.</summary>
    public static DataOptions OptionsOf(TrainSettings settings) => new()
    {
        ColumnNames = LayoutOptions.Split(settings.Columns),
        HasHeader = settings.HasHeader,
        Separator = settings.Separator,
        Encoding = settings.Encoding,
        Comment = settings.Comment,
        DecimalMark = settings.Decimal,
        ThousandsMark = settings.Thousands,
        MissingWords = LayoutOptions.Split(settings.Missing) ?? [],
        Layout = settings.Layout switch
        {
            null => null,
            "channels-first" => ImageLayout.ChannelsFirst,
            _ => ImageLayout.ChannelsLast,
        },
        Strict = settings.Strict,
    };

    private static IEnumerable<Setting> Layout() =>
    [
        new ValueSetting<string>(
            OptionFactory.Names("--columns", "Names of all columns, in order, for a file without a header"),
            s => s.Columns, (s, value) => s with { Columns = value }),
        new SwitchSetting(
            OptionFactory.Switch("--header", "The first row names the columns [default: detected]"),
            s => s.HasHeader == true, s => s with { HasHeader = true }),
        new SwitchSetting(
            OptionFactory.Switch("--no-header", "The first row is data already"),
            s => s.HasHeader == false, s => s with { HasHeader = false }),
        MakeCharacter(
            ("--separator", "What separates the cells of a text file [default: detected]"), s_words,
            s => s.Separator, (s, value) => s with { Separator = value }),
        new ValueSetting<string>(
            OptionFactory.Text(
                "--encoding", "NAME", "Character encoding of a text file: utf-8, utf-16, windows-1252, ... [default: detected]"),
            s => s.Encoding, (s, value) => s with { Encoding = value }),
        MakeCharacter(
            ("--comment", "Skip lines that begin with it, such as '#' [default: only lines before the table that cannot be rows]"),
            s_comments, s => s.Comment, (s, value) => s with { Comment = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--layout", ["channels-first", "channels-last"],
                "Order of the axes of images in NumPy and IDX files [default: detected by the axis of 1, 3 or 4 channels]"),
            s => s.Layout, (s, value) => s with { Layout = value }),
    ];

    private static IEnumerable<Setting> Cells() =>
    [
        MakeCharacter(
            ("--decimal", "Decimal mark of numbers [default: a point, or a comma where a cell proves it]"), s_decimals,
            s => s.Decimal, (s, value) => s with { Decimal = value }),
        MakeCharacter(
            ("--thousands", "Mark between groups of three digits [default: none, or what a cell such as 1,234,567 proves]"), s_groups,
            s => s.Thousands, (s, value) => s with { Thousands = value }),
        new ValueSetting<string>(
            OptionFactory.Text(
                "--missing", "WORD,WORD,...",
                "Words that stand for a missing value in every column; a number stands for its value [default: empty cells, and among "
                + "numbers and dates also NA, NaN, None, null, ?, - and the like]"),
            s => s.Missing, (s, value) => s with { Missing = value }),
        new SwitchSetting(
            OptionFactory.Switch("--strict", "Take each note and warning for an error: exit code 2"),
            s => s.Strict, s => s with { Strict = true }),
    ];

    private static ValueSetting<char?> MakeCharacter(
        (string Name, string Description) option, (string Word, char Character)[] words,
        Func<TrainSettings, char?> get, Func<TrainSettings, char?, TrainSettings> set) => new(
        OptionFactory.Character(option.Name, words, option.Description), get, set,
        value => words.FirstOrDefault(word => word.Character == value).Word ?? value.ToString()!);
}
