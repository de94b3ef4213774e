using Thalweg.Initializers;

namespace Thalweg.Runs;

/// <summary>Names that recipes read, and what to say of one that is not known.</summary>
public static class Names
{
    /// <summary>Names of initializers, the short ones first.</summary>
    public static IReadOnlyList<string> Initializers { get; } = ["he", "xavier", .. Settings.Names<Initializer>()];

    /// <summary>Names of schedules that span a run and need no settings.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["constant", "cosine", "linear"];

    /// <summary><c>one of a, b (did you mean b?)</c>.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="choices">What there is, one or more.</param>
    public static string OneOf(string found, IReadOnlyList<string> choices) =>
        $"one of {NearestName.Choices(choices)}{DidYouMean(found, choices)}";

    /// <summary>The nearest name as a question; empty where none is near.</summary>
    internal static string DidYouMean(string found, IEnumerable<string> names) =>
        NearestName.Find(found, names) is [string nearest, ..] && found.Length > 0 ? $" (did you mean {nearest}?)" : "";
}
