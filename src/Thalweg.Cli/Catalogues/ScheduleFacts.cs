using System.Globalization;

namespace Thalweg.Cli.Catalogues;

/// <summary>What can be said of a schedule once its settings are known: its values.</summary>
internal static class ScheduleFacts
{
    private static readonly long[] _steps = [0, 1, 10, 100, 1_000, 10_000, 100_000];

    /// <summary>The facts; none for a bare name, whose settings are still open, or for a rule.</summary>
    /// <param name="text">Text of the schedule.</param>
    public static IReadOnlyList<(string Label, string Text)> Of(string text)
    {
        if (!text.Contains('(', StringComparison.Ordinal) || !Settings.Names<Schedule>().Contains(text.Split('(')[0].Trim()))
            return [];
        Schedule schedule = Settings.Parse<Schedule>(text);
        IEnumerable<string> values = _steps.Select(
            step => string.Create(CultureInfo.InvariantCulture, $"{schedule.At(step):G4} at step {step:N0}"));
        return [("values", string.Join(", ", values))];
    }
}
