using System.CommandLine;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>One option and the field of a recipe that it sets: from the command line, and back to one that gives the same run.</summary>
internal abstract class Setting
{
    /// <summary>The option.</summary>
    public abstract Option Option { get; }

    /// <summary>Path of the field.</summary>
    public abstract string Path { get; }

    /// <summary>The recipe with what the command line says, where it says something.</summary>
    public Recipe Apply(ParseResult parsed, Recipe recipe) => IsGiven(parsed) ? recipe.With(Path, Value(parsed)) : recipe;

    /// <summary>Whether the command line has the option.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };

    /// <summary>The value as a word of the command line; null where the option is left out, empty for a switch.</summary>
    public abstract string? Text(Recipe recipe);

    protected abstract object? Value(ParseResult parsed);
}

/// <summary>An option with a value.</summary>
/// <param name="option">The option.</param>
/// <param name="path">Path of the field.</param>
internal sealed class ValueSetting(Option<string?> option, string path) : Setting
{
    public override Option Option => option;

    public override string Path => path;

    public override string? Text(Recipe recipe) => recipe.GetText(path);

    protected override object? Value(ParseResult parsed) => parsed.GetValue(option);
}

/// <summary>An option without a value.</summary>
/// <param name="option">The option.</param>
/// <param name="path">Path of the field.</param>
/// <param name="value">What it sets; default true.</param>
internal sealed class SwitchSetting(Option<bool> option, string path, bool value = true) : Setting
{
    public override Option Option => option;

    public override string Path => path;

    public override string? Text(Recipe recipe) => Equals(recipe.Get(path), value) ? "" : null;

    protected override object? Value(ParseResult parsed) => parsed.GetValue(option) ? value : null;
}
