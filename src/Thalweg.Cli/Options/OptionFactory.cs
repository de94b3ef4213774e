using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>Makes options that refuse a bad value with one line: what was expected, and what was found.</summary>
internal static class OptionFactory
{
    /// <summary>Choices up to this many stand in place of the value in help.</summary>
    private const int MostInName = 4;

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string valueName, string description) =>
        Make<string?>(name, valueName, description, text => text.Length > 0 ? (text, null) : (null, "a text that is not empty"));

    /// <summary>An option that may have a text, and means something without one too.</summary>
    public static Option<string?> OptionalText(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>An option that sets a field of a recipe, and reads what the field reads.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="valueName">What help calls the value; the words of the field where it has few.</param>
    /// <param name="path">Path of the field.</param>
    /// <param name="description">For help.</param>
    /// <param name="names">Names that a shell completes; null for the words of the field.</param>
    public static ValueSetting Field(
        string name, string valueName, string path, string description, IReadOnlyList<string>? names = null)
    {
        RecipeField field = RecipeField.Find(path);
        bool isLong = field.Choices.Count > MostInName;
        string words = string.Join('|', field.Choices);
        string help = !field.IsChoice ? field.Choices.Count > 0 ? $"{valueName}|{words}" : valueName : isLong ? "NAME" : words;
        Option<string?> option = new(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result => Parse(name, result, field),
        };
        return new ValueSetting(Completing(names ?? field.Choices, option), path);
    }

    /// <summary>An option with a whole number.</summary>
    public static Option<int?> Whole(string name, string valueName, int minimum, string description) => Make<int?>(
        name, valueName, description,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum
            ? (value, null)
            : (null, $"a whole number of {minimum} or more"));

    /// <summary>An option with a seed.</summary>
    public static Option<ulong?> Seed(string description) => Make<ulong?>(
        "--seed", "N", description,
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? (value, null)
            : (null, "a whole number of 0 or more"));

    /// <summary>An option with a finite number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="valueName">What help calls the value.</param>
    /// <param name="range">The range in words, and whether a number lies in it.</param>
    /// <param name="description">For help.</param>
    public static Option<double?> Real(
        string name, string valueName, (string Words, Func<double, bool> Holds) range, string description) => Make<double?>(
        name, valueName, description,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && range.Holds(value)
            ? (value, null)
            : (null, range.Words));

    /// <summary>An option with one of some names.</summary>
    public static Option<string?> Choice(string name, IReadOnlyList<string> choices, string description) =>
        Completing(choices, Make<string?>(
            name, choices.Count <= MostInName ? string.Join('|', choices) : "NAME", description,
            text => choices.Contains(text) ? (text, null) : (null, Names.OneOf(text, choices))));

    /// <summary>An option with one of some names, or a text with parentheses, which is parsed by the caller.</summary>
    public static Option<string?> ChoiceOrText(string name, IReadOnlyList<string> choices, string description) =>
        Completing(choices, Make<string?>(
            name, $"{string.Join('|', choices)}|TEXT", description,
            text => choices.Contains(text) || text.Contains('(', StringComparison.Ordinal)
                ? (text, null)
                : (null, Names.OneOf(text, choices))));

    /// <summary>An option with one of some names, those that take settings also with them in parentheses, which are parsed
    /// by the caller.</summary>
    public static Option<string?> ChoiceWithSettings(
        string name, IReadOnlyList<string> choices, IReadOnlyList<string> withSettings, string description) =>
        Completing(choices, Make<string?>(
            name, "NAME", description,
            text => choices.Contains(text) || withSettings.Any(choice => text.StartsWith($"{choice}(", StringComparison.Ordinal))
                ? (text, null)
                : (null, Names.OneOf(text.Split('(')[0], choices))));

    private static Option<string?> Completing(IReadOnlyList<string> names, Option<string?> option)
    {
        option.CompletionSources.Add([.. names]);
        return option;
    }

    /// <summary>An option without a value.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    private static Option<T> Make<T>(
        string name, string valueName, string description, Func<string, (T Value, string? Expected)> read) => new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => Parse(name, result, read),
        };

    private static T? Parse<T>(string name, ArgumentResult result, Func<string, (T Value, string? Expected)> read)
    {
        string text = result.Tokens[^1].Value;
        (T value, string? expected) = read(text);
        if (expected is not null)
            result.AddError($"{name}: expected {expected}, got '{text}'");
        return value;
    }

    private static string? Parse(string name, ArgumentResult result, RecipeField field)
    {
        string text = result.Tokens[^1].Value;
        try
        {
            _ = field.Parse(text);
        }
        catch (ThalwegException error)
        {
            result.AddError(name + error.Message[field.Path.Length..]);
        }

        return text;
    }
}
