using System.Text.RegularExpressions;
using Thalweg.Data;

namespace Thalweg.Cli.Options;

/// <summary>What the command calls things that the library names as C# does.</summary>
internal static partial class FlagNames
{
    private static readonly (string Library, string Flag)[] s_texts =
    [
        ("clipping (ClipByGlobalNorm)", "--clip 1"),
        ("Recipe.Paths lists them", "thalweg init writes a file with all of them"),
        ("RunOptions.Folder", "--out"),
        ("RunOptions.OpensTest", "--open-test"),
        ("RunOptions.Replaces", "--force"),
        ("RunOptions.Overrides", "--override"),
        ("Run.Resume", "--resume"),
        ("CrossValidation.Resume", "--resume"),
        ("Study.Extend", "--extend"),
    ];

    /// <summary>Options of the command by the properties of DataOptions that they set.</summary>
    private static readonly Dictionary<string, string> s_properties = new()
    {
        ["CategoricalColumns"] = "--categorical",
        ["ColumnNames"] = "--columns",
        ["Comment"] = "--comment",
        ["DecimalMark"] = "--decimal",
        ["Encoding"] = "--encoding",
        ["HasHeader"] = "--header or --no-header",
        ["IgnoredColumns"] = "--ignore",
        ["Layout"] = "--layout",
        ["MaxSize"] = "--max-size",
        ["MissingWords"] = "--missing",
        ["SampleCount"] = "--samples",
        ["SampleWeight"] = "--sample-weight",
        ["GroupColumn"] = "--group",
        ["TimeColumn"] = "--time",
        ["ValidationPath"] = "--validation",
        ["ChecksLeakage"] = "--no-leakage-checks",
        ["Separator"] = "--separator",
        ["Strict"] = "--strict",
        ["Target"] = "--target",
        ["Task"] = "--task",
        ["TestPath"] = "--test",
        ["ThousandsMark"] = "--thousands",
    };

    private static readonly Dictionary<string, string> s_entries = new()
    {
        ["alpha_dropout"] = "--dropout P --dropout-kind alpha",
        ["channel_dropout"] = "--dropout P --dropout-kind channel",
        ["dropout"] = "--dropout P",
        ["early_stopping"] = "--patience N, --delta D, --delta-form, --evaluate-every and --keep",
        ["gaussian_dropout"] = "--dropout P --dropout-kind gaussian",
        ["lsuv"] = "--lsuv",
        ["output_bias"] = "--output-bias",
        ["pretraining"] = "--pretrain EPOCHS",
        ["stochastic_depth"] = "--drop-path P",
        ["transfer"] = "--from MODEL, with --freeze NAMES",
    };

    /// <summary>A message of the library with the options of the command in place of what C# has.</summary>
    /// <param name="message">The message.</param>
    public static string In(string message) =>
        s_texts.Aggregate(
            OfFields(PropertyName().Replace(message, match => OfProperty(match.Groups[1].Value))),
            (text, pair) => text.Replace(pair.Library, pair.Flag, StringComparison.Ordinal));

    /// <summary>The option that sets a field of a recipe; the path of the field where there is none.</summary>
    /// <param name="path">Path of the field.</param>
    public static string OfField(string path) =>
        TrainOptions.Make().FirstOrDefault(setting => setting.Path == path)?.Option.Name ?? path;

    /// <summary>The option of the command that sets a property of <see cref="DataOptions"/>.</summary>
    /// <param name="property">Name of the property.</param>
    public static string OfProperty(string property) => s_properties.GetValueOrDefault(property, property);

    /// <summary>The options of the command that stand for an entry of a catalogue; null where its name is used.</summary>
    /// <param name="entry">Name of the entry.</param>
    public static string? Of(string entry) => s_entries.GetValueOrDefault(entry);

    /// <summary>A message with options in place of the paths of fields, but where it is about a recipe file, <c>--set</c> or
    /// <c>--search</c>, which have paths.</summary>
    private static string OfFields(string message) =>
        LineOfFile().IsMatch(message) ? message : FieldPath().Replace(message, match => OfField(match.Value));

    [GeneratedRegex(@"^--set |^\[search\] |^.+, line \d+, column \d+: (data|network|start|training|run|expected)\b")]
    private static partial Regex LineOfFile();

    [GeneratedRegex(@"\b(?:data|network|start|training|run)(?:\.[a-z_]+)+")]
    private static partial Regex FieldPath();

    [GeneratedRegex(@"DataOptions\.(\w+)")]
    private static partial Regex PropertyName();
}
