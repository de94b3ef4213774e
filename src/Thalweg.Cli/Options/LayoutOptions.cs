using System.CommandLine;
using Thalweg.Data;
using Thalweg.Runs;

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
        DataRecipe data = RecipeOptions.Apply(parsed, _settings, new Recipe()).Data;
        return data.Reading.ToOptions() with { Strict = data.Strict };
    }
}
