using Thalweg.Schedules;

namespace Thalweg.Labs.Playground;

/// <summary>Schedules that go in straight lines from point to point, as they are drawn by hand.</summary>
internal static class PointSchedule
{
    /// <summary>Most points of a schedule: each but the last is a sequence inside the one before.</summary>
    public const int Most = 16;

    /// <summary>The schedule through some points; the last value stays.</summary>
    /// <param name="points">Points by step, the first at step 0.</param>
    /// <exception cref="ThalwegException">There are none or too many, or their steps do not rise from 0.</exception>
    public static Schedule Of(IReadOnlyList<SchedulePoint> points)
    {
        bool rises = points.Count > 0 && points[0].Step == 0 && points.Zip(points.Skip(1)).All(pair => pair.First.Step < pair.Second.Step);
        if (!rises || points.Count > Most)
        {
            throw new ThalwegException($"[playground] expected 1 to {Most} points whose steps rise from 0, got steps "
                + $"{string.Join(", ", points.Select(point => point.Step))}; correct them");
        }

        return points.Count == 1 ? new ConstantSchedule(points[0].Value) : From(points, 0);
    }

    private static Schedule From(IReadOnlyList<SchedulePoint> points, int at)
    {
        int steps = points[at + 1].Step - points[at].Step;
        LinearSchedule line = new(points[at].Value, steps) { End = points[at + 1].Value };
        return at + 2 == points.Count ? line : new SequenceSchedule(line, From(points, at + 1), steps);
    }
}

/// <summary>A point of a schedule.</summary>
/// <param name="Step">Completed updates, from 0.</param>
/// <param name="Value">The value there.</param>
internal sealed record SchedulePoint(int Step, double Value);

/// <summary>Asks for the schedule through points.</summary>
internal sealed record PointsRequest(IReadOnlyList<SchedulePoint> Points, int Steps);

/// <summary>A schedule's text, and its values at steps 0 to n - 1.</summary>
internal sealed record PointsAnswer(string Text, IReadOnlyList<double> Values);
