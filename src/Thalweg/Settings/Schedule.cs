using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>
/// A number that changes with the training step: a closed form of the step, read before the update, with steps counted from 0.
/// </summary>
/// <remarks>
/// A schedule keeps no state, so that any step can be asked for in any order; this is what makes resume and replay exact.
/// Derive from it to write another: <see cref="Decayed"/> is all that it takes.
/// </remarks>
public abstract record Schedule : Described
{
    /// <summary>
    /// Steps of linear warm-up, dimensionless, at least 0, default 0: step t &lt; warmup gives (t+1)/warmup of the value that the
    /// schedule starts from, so that no step is spent on a rate of 0.
    /// </summary>
    public int Warmup { get; init => field = AtLeast(0, value); }

    /// <summary>The lowest and the highest value that any step gives, the warm-up left aside.</summary>
    public abstract (double Low, double High) Bounds { get; }

    /// <summary>How the value falls in the long run, for <c>RobbinsMonro</c>; unknown unless the schedule says.</summary>
    public virtual Decline Decline => default;

    /// <summary>The value in force for the update that follows <paramref name="step"/> completed ones.</summary>
    /// <param name="step">Completed updates, from 0.</param>
    public double At(long step) =>
        step < Warmup ? Decayed(Warmup) * (step + 1) / Warmup : Decayed(step);

    /// <summary>The value after the warm-up.</summary>
    /// <param name="step">Completed updates, at least <see cref="Warmup"/>.</param>
    protected abstract double Decayed(long step);

    /// <summary>The share of the way from the end of the warm-up to <paramref name="steps"/> that is done, from 0 to 1.</summary>
    /// <param name="step">Completed updates.</param>
    /// <param name="steps">Updates at which the way ends, the warm-up included; more than <see cref="Warmup"/>.</param>
    protected double Progress(long step, int steps) =>
        Math.Clamp((step - Warmup) / (double)(steps - Warmup), 0, 1);

    /// <summary>The bounds of what stays between two values, in any order.</summary>
    /// <param name="a">One value.</param>
    /// <param name="b">The other.</param>
    protected static (double Low, double High) Between(double a, double b) => (Math.Min(a, b), Math.Max(a, b));

    /// <summary>The bounds of a start times any power of a factor: 0 where it falls, the largest number where it grows.</summary>
    /// <param name="start">The start.</param>
    /// <param name="factor">The factor, above 0.</param>
    protected static (double Low, double High) ByFactor(double start, double factor) =>
        Between(factor <= 1 || start == 0 ? 0 : Math.CopySign(double.MaxValue, start), start);

    /// <summary>Refuses a number outside (0, 1].</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double Share(double value, [CallerMemberName] string name = "") =>
        value is > 0 and <= 1 ? value : throw Refused(name, "in (0, 1]", value);

    /// <summary>What is wrong with a warm-up that leaves no step of <paramref name="steps"/>, or null.</summary>
    /// <param name="steps">Steps of the schedule.</param>
    protected string? WarmupConflict(int steps) => Warmup < steps
        ? null
        : $"expected warmup below steps, got warmup={Warmup} and steps={steps}; shorten the warm-up or train longer";
}
