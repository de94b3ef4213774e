namespace Thalweg.Faults;

/// <summary>A mutation of a training, of one of DeepCrime's operators.</summary>
/// <param name="Problem">What is mutated.</param>
/// <param name="Operator">Name of the operator.</param>
/// <param name="Severity">1, 2 or 3.</param>
/// <param name="Original">The training without the mutation.</param>
/// <param name="Mutated">The training with it.</param>
internal sealed record Mutant(Problem Problem, string Operator, int Severity, Setup Original, Setup Mutated)
{
    /// <summary>Ground truths: the causes that the mutation is, the first one that of its operator, the others those of fixes that undo it
    /// as well.</summary>
    public required IReadOnlyList<IReadOnlySet<string>> Truths { get; init; }

    /// <summary>Unique, with an odd number at the end in the calibration half and an even one in the other.</summary>
    public string Name => $"mutant/{Problem.Name}-{Operator}-{(2 * Severity) + (Problem.Half == Half.Scored ? 0 : 1)}";
}
