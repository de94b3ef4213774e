namespace Thalweg;

/// <summary>How a schedule falls in the long run.</summary>
public enum DeclineKind
{
    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>As 1/t^rate; a rate of 0 is no fall at all.</summary>
    Power,

    /// <summary>Geometrically: faster than any power.</summary>
    Geometric,

    /// <summary>It is 0 from some step on.</summary>
    Zero,
}

/// <summary>How a schedule falls in the long run: what decides whether noise averages out.</summary>
/// <param name="Kind">The kind of fall.</param>
/// <param name="Rate">The power, for <see cref="DeclineKind.Power"/>, at least 0.</param>
public readonly record struct Decline(DeclineKind Kind, double Rate = 0)
{
    /// <summary>A schedule that tends to a value, or goes around it.</summary>
    /// <param name="value">The value.</param>
    public static Decline Constant(double value) => value == 0 ? new(DeclineKind.Zero) : new(DeclineKind.Power);

    /// <summary>A schedule that falls as 1/t^power.</summary>
    /// <param name="power">The power, at least 0.</param>
    /// <param name="start">What falls.</param>
    public static Decline PowerOf(double power, double start) => start == 0 ? new(DeclineKind.Zero) : new(DeclineKind.Power, power);

    /// <summary>A schedule that falls by a factor again and again; from 1 on it does not fall.</summary>
    /// <param name="factor">The factor, above 0.</param>
    /// <param name="start">What falls.</param>
    public static Decline Geometric(double factor, double start) =>
        factor < 1 && start != 0 ? new(DeclineKind.Geometric) : Constant(start);

    /// <summary>The fall of a product.</summary>
    /// <param name="other">That of the other factor.</param>
    public Decline Times(Decline other) => (Kind, other.Kind) switch
    {
        (DeclineKind.Zero, _) or (_, DeclineKind.Zero) => new(DeclineKind.Zero),
        (DeclineKind.Unknown, _) or (_, DeclineKind.Unknown) => default,
        (DeclineKind.Geometric, _) or (_, DeclineKind.Geometric) => new(DeclineKind.Geometric),
        _ => new(DeclineKind.Power, Rate + other.Rate),
    };

    /// <summary>The fall of the lower of two that are at least 0: that of the faster one.</summary>
    /// <param name="other">That of the other.</param>
    public Decline Under(Decline other) => (Kind, other.Kind) switch
    {
        (DeclineKind.Zero, _) or (_, DeclineKind.Zero) => new(DeclineKind.Zero),
        (DeclineKind.Unknown, _) or (_, DeclineKind.Unknown) => default,
        (DeclineKind.Geometric, _) or (_, DeclineKind.Geometric) => new(DeclineKind.Geometric),
        _ => new(DeclineKind.Power, Math.Max(Rate, other.Rate)),
    };
}
