namespace Thalweg.Cli.Options;

/// <summary>What the command calls things that the library names as C# does.</summary>
internal static class FlagNames
{
    private static readonly (string Library, string Flag)[] s_texts =
    [
        ("clipping (ClipByGlobalNorm)", "--clip 1"),
    ];

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
        s_texts.Aggregate(message, (text, pair) => text.Replace(pair.Library, pair.Flag, StringComparison.Ordinal));

    /// <summary>The options of the command that stand for an entry of a catalogue; null where its name is used.</summary>
    /// <param name="entry">Name of the entry.</param>
    public static string? Of(string entry) => s_entries.GetValueOrDefault(entry);
}
