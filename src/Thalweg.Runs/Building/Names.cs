using Thalweg.Catalogues;
using Thalweg.Data;
using Thalweg.Initializers;

namespace Thalweg.Runs;

/// <summary>Names that recipes read, and what to say of one that is not known.</summary>
public static class Names
{
    /// <summary>Names of initializers, the short ones first.</summary>
    public static IReadOnlyList<string> Initializers { get; } = ["he", "xavier", .. Initializer.Names];

    /// <summary>Names of schedules that span a run and need no settings.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["constant", "cosine", "linear"];

    /// <summary><c>one of a, b (did you mean b?)</c>.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="choices">What there is, one or more.</param>
    public static string OneOf(string found, IReadOnlyList<string> choices)
    {
        string? known = OtherNames.Find(found, choices);
        string nearest = known ?? NearestNames.Find(found, choices, 1)[0];
        bool isNear = known is not null
            || NearestNames.Distance(nearest.ToLowerInvariant(), found.ToLowerInvariant()) <= 1 + (found.Length / 3);
        return $"one of {string.Join(", ", choices)}{(isNear ? $" (did you mean {nearest}?)" : "")}";
    }
}
