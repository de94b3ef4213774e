using System.CommandLine;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>A recipe from the command line: a file, where one is given, and the options that set its fields.</summary>
/// <param name="settings">The options.</param>
internal sealed class RecipeOptions(IReadOnlyList<Setting> settings)
{
    private readonly Argument<string?> _recipe = new("RECIPE")
    {
        Description = "File with a recipe, such as one of thalweg init or the recipe.yaml of a run; options change its fields",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _file = OptionFactory.Text(
        "--recipe", "FILE", "File with a recipe to start from, such as the recipe.yaml of a run; options change its fields");

    private readonly Option<string[]> _fields = new("--set")
    {
        Description = "Field of the recipe by its path, as in training.optimizer.learning_rate=0.01; may be given several times",
        HelpName = "PATH=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The options that set fields.</summary>
    public IReadOnlyList<Setting> Settings => settings;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="asArgument">Whether the command takes the file as an argument too; default true.</param>
    public void AddTo(Command command, bool asArgument = true)
    {
        foreach (Setting setting in settings)
            command.Options.Add(setting.Option);
        if (asArgument)
            command.Arguments.Add(_recipe);
        command.Options.Add(_file);
        command.Options.Add(_fields);
    }

    /// <summary>The recipe file that the command line names; null where there is none.</summary>
    public string? FileOf(ParseResult parsed) => parsed.GetValue(_recipe) ?? parsed.GetValue(_file);

    /// <summary>The first option that sets a field; null where none does.</summary>
    public string? Given(ParseResult parsed) => settings.FirstOrDefault(setting => setting.IsGiven(parsed))?.Option.Name
        ?? (parsed.GetResult(_fields) is { Implicit: false } ? _fields.Name : null);

    /// <summary>The recipe that the command line gives.</summary>
    /// <exception cref="ThalwegException">The file is not one of a recipe, or options contradict each other.</exception>
    public Recipe Read(ParseResult parsed)
    {
        (string? file, string? other) = (parsed.GetValue(_recipe), parsed.GetValue(_file));
        if (file is not null && other is not null)
            throw new ThalwegException($"--recipe: expected one recipe, got {file} and {other}; leave one out");
        Recipe recipe = Apply(parsed, settings, (file ?? other) is { } path ? Recipe.Load(path) : new Recipe());
        return (parsed.GetValue(_fields) ?? []).Aggregate(recipe, Set);
    }

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
        if ((parsed.GetValue(_recipe) ?? parsed.GetValue(_file)) is { } file)
        {
            throw new ThalwegException(
                $"{file}: --resume takes the recipe from the folder of the run; leave the file out, or start a new run");
        }

        return (parsed.GetValue(_fields) ?? []).Aggregate(Apply(parsed, settings, recipe), Set);
    }

    /// <summary>The recipe with a field that stands on the command line as <c>path=value</c>.</summary>
    private static Recipe Set(Recipe recipe, string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1)
        {
            throw new ThalwegException(
                $"--set: expected PATH=VALUE, as in training.epochs=5, got '{text}'; thalweg train --print-recipe lists the paths");
        }

        string path = text[..sign].Trim(), value = text[(sign + 1)..].Trim();
        try
        {
            return recipe.With(path, value is "" or "null" ? null : value);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"--set {text}: {error.Message}", error);
        }
    }
}
