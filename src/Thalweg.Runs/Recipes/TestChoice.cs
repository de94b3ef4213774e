using System.Globalization;
using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>What the test or validation data of a run are: those of a file, a share of the rows, none, or what comes with the data.</summary>
/// <param name="Path">File with separate data; else null.</param>
/// <param name="Share">Share of the rows, in (0, 0.5]; 0 for no test data, null for a tenth or what comes with the data.</param>
internal sealed record TestChoice(string? Path, double? Share)
{
    /// <summary>The word for no test data.</summary>
    public const string None = "none";

    /// <summary>Reads <c>data.split.test</c> or <c>data.split.validation</c>.</summary>
    /// <param name="text">A path, a number or <see cref="None"/>; null where the field is left out.</param>
    /// <param name="field">Path of the field; default that of the test data.</param>
    /// <exception cref="ThalwegException">The number is out of range.</exception>
    public static TestChoice Read(string? text, string field = "data.split.test")
    {
        if (text is null or None)
            return new TestChoice(null, text is null ? null : 0);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share))
            return new TestChoice(text, null);
        return share is > 0 and <= 0.5
            ? new TestChoice(null, share)
            : throw new ThalwegException(
                $"{field}: expected a share above 0 and at most 0.5, a path or {None}, got '{text}'; "
                + $"a file of that name is ./{text}");
    }

    /// <summary>How the rows are divided.</summary>
    /// <param name="seed">Seed of the division.</param>
    /// <param name="limit">Rows to use at most; null for all.</param>
    public SplitOptions Division(ulong seed, int? limit)
    {
        SplitOptions division = new() { Seed = seed, Limit = limit };
        return Share is { } share ? division with { TestFraction = share, UseSeparateTest = false } : division;
    }
}
