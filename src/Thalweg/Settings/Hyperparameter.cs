
namespace Thalweg;

/// <summary>A number of a rule: one value for the whole run, or a <see cref="Schedule"/>; both convert to it by themselves.</summary>
/// <remarks>It is evaluated in double at each step, then rounded once to the type of the parameters.</remarks>
public readonly record struct Hyperparameter
{
    private readonly double _value;

    private Hyperparameter(double value, Schedule? schedule) => (_value, Schedule) = (value, schedule);

    /// <summary>The schedule that it follows, or null where it is one value.</summary>
    public Schedule? Schedule { get; }

    /// <summary>The lowest and the highest value that any step gives.</summary>
    public (double Low, double High) Bounds => Schedule?.Bounds ?? (_value, _value);

    /// <summary>Whether it is 0 at each step.</summary>
    public bool IsZero => Bounds == (0, 0);

    /// <summary>How it falls in the long run.</summary>
    public Decline Decline => Schedule?.Decline ?? Decline.Constant(_value);

    /// <summary>One value for the whole run.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Hyperparameter(double value) => new(value, null);

    /// <summary>A value that follows a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <exception cref="ThalwegException">The schedule contradicts itself: its message says how.</exception>
    public static implicit operator Hyperparameter(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        schedule.RefuseConflict();
        return new(0, schedule);
    }

    /// <summary>The value in force for the update that follows <paramref name="step"/> completed ones.</summary>
    /// <param name="step">Completed updates, from 0.</param>
    public double At(long step) => Schedule is null ? _value : Schedule.At(step);

    /// <summary>The text form: the number, or that of the schedule.</summary>
    public override string ToString() => Schedule?.ToString() ?? SettingsText.Number(_value);
}
