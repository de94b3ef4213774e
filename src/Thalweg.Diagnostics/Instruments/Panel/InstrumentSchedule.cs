namespace Thalweg.Diagnostics;

/// <summary>At which steps an instrument is due: a setting such as <c>every(16, until=1000)</c>.</summary>
/// <remarks>It follows from the step alone, so that a resumed run is measured at the same steps.</remarks>
public abstract record InstrumentSchedule : SettingsRecord
{
    static InstrumentSchedule() => InstrumentKinds.Register();

    /// <summary>Step from which on nothing is due, 1 or more; default null: due to the end.</summary>
    public long? Until
    {
        get; init => field = value is null or >= 1 ? value
        : throw Refused(nameof(Until), "a step of 1 or more", value.Value);
    }

    /// <summary>Number of the occasion at a step, from 0, in steps of 1 or more; -1 where nothing is due.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public long OccasionAt(long step) => step < 0 || step >= Until ? -1 : Occasion(step);

    /// <summary>How many occasions there are among the first steps of a run.</summary>
    /// <param name="steps">Number of steps, 0 or more.</param>
    public long CountIn(long steps) => Count(Math.Min(steps, Until ?? steps));

    /// <summary>Reads a schedule, as in <c>every(16)</c> or <c>log_spaced(10, until=100000)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The name or a value is not known or out of range: the message gives the choices.</exception>
    public static InstrumentSchedule Parse(string text) => Settings.Parse<InstrumentSchedule>(text);

    /// <summary>Number of the occasion at a step, or -1; <see cref="Until"/> left aside.</summary>
    /// <param name="step">Step, from 0.</param>
    protected abstract long Occasion(long step);

    /// <summary>Occasions among the first steps; <see cref="Until"/> left aside.</summary>
    /// <param name="steps">Number of steps, 0 or more.</param>
    protected abstract long Count(long steps);
}

/// <summary>Due every so many steps, from step 0 on: in texts <c>every(16)</c>.</summary>
/// <param name="Steps">Steps from one occasion to the next, 1 or more.</param>
public sealed record EverySteps(int Steps = 16) : InstrumentSchedule
{
    /// <summary>Steps from one occasion to the next, 1 or more.</summary>
    public int Steps { get; init => field = AtLeast(1, value); } = Steps >= 1
        ? Steps
        : throw new ThalwegException(
            $"[every] expected steps to be a whole number of at least 1, got {Steps}; choose a value in that range");

    /// <inheritdoc/>
    protected override long Occasion(long step) => step % Steps == 0 ? step / Steps : -1;

    /// <inheritdoc/>
    protected override long Count(long steps) => (steps + Steps - 1) / Steps;
}

/// <summary>Due at step 0 and then at steps that grow by one factor: dense at the start, where most happens, and ever rarer; in texts
/// <c>log_spaced(10)</c>.</summary>
/// <param name="PerDecade">Occasions from a step to ten times that step, 1 or more.</param>
public sealed record LogSpacedSteps(int PerDecade = 10) : InstrumentSchedule
{
    /// <summary>Occasions from a step to ten times that step, 1 or more.</summary>
    public int PerDecade { get; init => field = AtLeast(1, value); } = PerDecade >= 1
        ? PerDecade
        : throw new ThalwegException(
            $"[log_spaced] expected per_decade to be a whole number of at least 1, got {PerDecade}; choose a value in that range");

    /// <inheritdoc/>
    protected override long Occasion(long step)
    {
        if (step == 0)
        {
            return 0;
        }

        // Near the start neighboring powers round to one step: the occasion is the first of them.
        long near = (long)Math.Round(PerDecade * Math.Log10(step));
        for (long power = Math.Max(0, near - PerDecade); power <= near + 1; power++)
        {
            if (StepOf(power) == step)
            {
                return 1 + power;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    protected override long Count(long steps)
    {
        long count = steps > 0 ? 1 : 0, last = 0;
        for (long power = 0; StepOf(power) < steps; power++)
        {
            count += StepOf(power) != last ? 1 : 0;
            last = StepOf(power);
        }

        return count;
    }

    private long StepOf(long power) => (long)Math.Round(Math.Pow(10, (double)power / PerDecade));
}
