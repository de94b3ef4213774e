namespace Thalweg.Cli.Options;

/// <summary>The options that say how data are to be read; all may be left out, and are then detected.</summary>
internal static class ReadingSettings
{
    /// <summary>Names of the options.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Make().Select(setting => setting.Option.Name)];

    /// <summary>Makes the options in the order of help.</summary>
    public static IReadOnlyList<Setting> Make() => [.. Layout(), .. Cells()];

    private static IEnumerable<Setting> Layout() =>
    [
        OptionFactory.Field(
            "--columns", "NAME,NAME,...", "data.reading.column_names", "Names of all columns, in order, for a file without a header"),
        new SwitchSetting(
            OptionFactory.Switch("--header", "The first row names the columns [default: detected]"), "data.reading.has_header"),
        new SwitchSetting(OptionFactory.Switch("--no-header", "The first row is data already"), "data.reading.has_header", value: false),
        OptionFactory.Field(
            "--separator", "CHARACTER", "data.reading.separator", "What separates the cells of a text file [default: detected]"),
        OptionFactory.Field(
            "--encoding", "NAME", "data.reading.encoding",
            "Character encoding of a text file: utf-8, utf-16, windows-1252, ... [default: detected]"),
        OptionFactory.Field(
            "--comment", "CHARACTER", "data.reading.comment",
            "Skip lines that begin with it, such as '#' [default: only lines before the table that cannot be rows]"),
        OptionFactory.Field(
            "--layout", "", "data.reading.layout",
            "Order of the axes of images in NumPy and IDX files [default: detected by the axis of 1, 3 or 4 channels]"),
        OptionFactory.Field(
            "--max-size", "BYTES", "data.reading.max_size",
            "Most bytes that a packed file (gzip, .npz) may unpack to, as in 2GB [default: 16GiB]"),
    ];

    private static IEnumerable<Setting> Cells() =>
    [
        OptionFactory.Field(
            "--decimal", "CHARACTER", "data.reading.decimal_mark",
            "Decimal mark of numbers [default: a point, or a comma where a cell proves it]"),
        OptionFactory.Field(
            "--thousands", "CHARACTER", "data.reading.thousands_mark",
            "Mark between groups of three digits [default: none, or what a cell such as 1,234,567 proves]"),
        OptionFactory.Field(
            "--missing", "WORD,WORD,...", "data.reading.missing_words",
            "Words that stand for a missing value in every column; a number stands for its value [default: empty cells, and among "
            + "numbers and dates also NA, NaN, None, null, ?, - and the like]"),
        new SwitchSetting(OptionFactory.Switch("--strict", "Take each note and warning for an error: exit code 2"), "data.strict"),
    ];
}
