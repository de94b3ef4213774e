using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Thalweg.Cli.Options;

/// <summary>Makes options that refuse a bad value with one line: what was expected, and what was found.</summary>
internal static class OptionFactory
{
    /// <summary>Choices up to this many stand in place of the value in help.</summary>
    private const int MostInName = 4;

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string valueName, string description) =>
        Make<string?>(name, valueName, description, text => text.Length > 0 ? (text, null) : (null, "a text that is not empty"));

    /// <summary>An option with one character, or with a word for one that is hard to type.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="words">The words, and the characters that they stand for.</param>
    /// <param name="description">For help.</param>
    public static Option<char?> Character(string name, IReadOnlyList<(string Word, char Character)> words, string description)
    {
        string choices = string.Join('|', words.Select(word => word.Word));
        return Make<char?>(name, $"CHARACTER|{choices}", description, text =>
        {
            (string Word, char Character) known = words.FirstOrDefault(word => word.Word == text);
            return known.Word is not null ? (known.Character, null)
                : text.Length == 1 ? (text[0], null)
                : (null, $"one character, or one of {string.Join(", ", words.Select(word => word.Word))}");
        });
    }

    /// <summary>An option with names separated by commas.</summary>
    public static Option<string?> Names(string name, string description) => Make<string?>(
        name, "NAME,NAME,...", description,
        text => text.Split(',').All(part => part.Trim().Length > 0) ? (text, null) : (null, "names separated by commas"));

    /// <summary>An option with a whole number.</summary>
    public static Option<int?> Whole(string name, string valueName, int minimum, string description) => Make<int?>(
        name, valueName, description,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum
            ? (value, null)
            : (null, $"a whole number of {minimum} or more"));

    /// <summary>An option with a number of samples, or <c>full</c> for all, which it gives as 0.</summary>
    public static Option<int?> Samples(string name, string description) => Make<int?>(
        name, "N|full", description,
        text => text == "full" ? (0, null)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? (value, null)
            : (null, "a whole number of 1 or more, or full"));

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
    public static Option<string?> Choice(string name, IReadOnlyList<string> choices, string description) => Completing(choices, Make<string?>(
        name, choices.Count <= MostInName ? string.Join('|', choices) : "NAME", description,
        text => choices.Contains(text) ? (text, null) : (null, OneOf(text, choices))));

    /// <summary>An option with one of some names, or a text with parentheses, which is parsed by the caller.</summary>
    public static Option<string?> ChoiceOrText(string name, IReadOnlyList<string> choices, string description) =>
        Completing(choices, Make<string?>(
            name, $"{string.Join('|', choices)}|TEXT", description,
            text => choices.Contains(text) || text.Contains('(', StringComparison.Ordinal) ? (text, null) : (null, OneOf(text, choices))));

    /// <summary>An option with one of some names, those that take settings also with them in parentheses, which are parsed by the
    /// caller.</summary>
    public static Option<string?> ChoiceWithSettings(
        string name, IReadOnlyList<string> choices, IReadOnlyList<string> withSettings, string description) =>
        Completing(choices, Make<string?>(
            name, "NAME", description,
            text => choices.Contains(text) || withSettings.Any(choice => text.StartsWith($"{choice}(", StringComparison.Ordinal))
                ? (text, null)
                : (null, OneOf(text.Split('(')[0], choices))));

    /// <summary>An option with a text, of which a shell completes some names.</summary>
    public static Option<string?> Named(string name, string valueName, IReadOnlyList<string> names, string description) =>
        Completing(names, Text(name, valueName, description));

    private static Option<string?> Completing(IReadOnlyList<string> names, Option<string?> option)
    {
        option.CompletionSources.Add([.. names]);
        return option;
    }

    /// <summary>An option without a value.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>"one of a, b (did you mean b?)" in the manner of the other messages.</summary>
    public static string OneOf(string text, IReadOnlyList<string> choices) =>
        $"one of {string.Join(", ", choices)}{DidYouMean(text, choices)}";

    private static string DidYouMean(string text, IReadOnlyList<string> choices) =>
        NearestName.Find(text, choices) is [string nearest, ..] ? $" (did you mean {nearest}?)" : "";

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
}
