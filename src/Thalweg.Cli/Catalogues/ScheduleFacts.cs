using System.Globalization;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Cli.Catalogues;

/// <summary>What can be said of a schedule once its settings are known: values, and whether descent at such rates is sure to converge.</summary>
internal static class ScheduleFacts
{
    private static readonly long[] _steps = [0, 1, 10, 100, 1_000, 10_000, 100_000];

    /// <summary>The facts; none for a bare name, whose settings are still open.</summary>
    /// <param name="text">Text of the schedule.</param>
    public static IReadOnlyList<(string Label, string Text)> Of(string text)
    {
        if (!text.Contains('(', StringComparison.Ordinal))
            return [];
        Schedule schedule = RuleText.ParseSchedule(text);
        RobbinsMonroVerdict verdict = RobbinsMonro.Check(schedule);
        string holds = verdict.Holds switch { true => "holds", false => "fails", null => "unknown" };
        return
        [
            ("values", string.Join(", ", _steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{schedule.At(step):G4} at step {step:N0}")))),
            ("robbins-monro", $"{holds}: {verdict.Reason}"),
        ];
    }
}
