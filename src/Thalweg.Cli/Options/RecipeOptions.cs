using System.CommandLine;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>A recipe from the command line: a file, where one is given, and the options that set its fields.</summary>
/// <param name="settings">The options.</param>
internal sealed class RecipeOptions(IReadOnlyList<Setting> settings)
{
    private readonly Option<string?> _file = OptionFactory.Text(
        "--recipe", "FILE", "Recipe to start from, such as the recipe.yaml of a run; other options change its fields");

    /// <summary>The options that set fields.</summary>
    public IReadOnlyList<Setting> Settings => settings;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Setting setting in settings)
            command.Options.Add(setting.Option);
        command.Options.Add(_file);
    }

    /// <summary>The recipe file that the command line names; null where there is none.</summary>
    public string? FileOf(ParseResult parsed) => parsed.GetValue(_file);

    /// <summary>The recipe that the command line gives.</summary>
    /// <exception cref="ThalwegException">The file is not one of a recipe, or options contradict each other.</exception>
    public Recipe Read(ParseResult parsed) =>
        Apply(parsed, settings, parsed.GetValue(_file) is { } file ? Recipe.Load(file) : new Recipe());

    /// <summary>A recipe with the fields that options set.</summary>
    /// <exception cref="ThalwegException">Options contradict each other.</exception>
    public static Recipe Apply(ParseResult parsed, IReadOnlyList<Setting> settings, Recipe recipe)
    {
        bool hasBoth = settings.Count(setting => setting.Option.Name is "--header" or "--no-header" && setting.IsGiven(parsed)) == 2;
        return hasBoth
            ? throw new ThalwegException("--header and --no-header contradict each other; leave one out")
            : settings.Aggregate(recipe, (current, setting) => setting.Apply(parsed, current));
    }

    /// <summary>The recipe of a run that resumes, with the fields that options set.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">Recipe of the run.</param>
    /// <exception cref="ThalwegException">There is a recipe file.</exception>
    public Recipe Change(ParseResult parsed, Recipe recipe)
    {
        if (parsed.GetValue(_file) is not null)
            throw new ThalwegException("--recipe: --resume takes the recipe from the folder of the run; leave it out, or start a new run");
        return Apply(parsed, settings, recipe);
    }
}
