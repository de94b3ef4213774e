namespace Thalweg.Diagnosis;

/// <summary>All diagnosers.</summary>
internal static class Diagnosers
{
    /// <summary>One for each cause.</summary>
    public static IReadOnlyList<Diagnoser> All { get; } = [new SymmetricStart(), new DeadRelu(), new RateTooHigh(), new ValidationMissing()];
}
