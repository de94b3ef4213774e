using System.CommandLine;
using Thalweg.Cli.Runs;
using Thalweg.Data;

namespace Thalweg.Cli.Options;

/// <summary>The options that say how data are to be read, for the commands that do not train.</summary>
internal sealed class LayoutOptions
{
    private readonly IReadOnlyList<Setting> _settings = ReadingSettings.Make();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Setting setting in _settings)
            command.Options.Add(setting.Option);
    }

    /// <summary>The options as the library takes them.</summary>
    /// <exception cref="ThalwegException">Two of them contradict each other.</exception>
    public DataOptions Read(ParseResult parsed)
    {
        TrainSettings given = _settings.Aggregate(new TrainSettings(), (current, setting) => setting.Apply(parsed, current));
        bool hasBoth = _settings.Count(setting => setting.Option.Name is "--header" or "--no-header" && setting.IsGiven(parsed)) == 2;
        return hasBoth
            ? throw new ThalwegException("--header and --no-header contradict each other; leave one out")
            : ReadingSettings.OptionsOf(given);
    }

    /// <summary>Names parted by commas.</summary>
    public static string[]? Split(string? names) => names?.Split(',', StringSplitOptions.TrimEntries);
}
