using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>A try of a fix: the same seed with the changed recipe.</summary>
/// <param name="Finding">What the fix is for.</param>
/// <param name="Fix">The changes.</param>
/// <param name="Before">Figures of the run as it was.</param>
/// <param name="After">Figures with the fix; null where the replay failed.</param>
/// <param name="Cost">Counted work of the replay, as a multiple of that of the run.</param>
/// <param name="Helps">Whether the fix helps: validation figures are better by more than chance.</param>
public sealed record ProofAttempt(Finding Finding, Fix Fix, TrainingOutcome Before, TrainingOutcome? After, double Cost, bool Helps)
{
    /// <summary>Step from which the replay started: 0, or that of a checkpoint.</summary>
    public long FromStep { get; init; }

    /// <summary>Why there is no result; null where there is one.</summary>
    public string? Failure { get; init; }
}

/// <summary>What came of trying the fixes of findings by replay.</summary>
/// <param name="Attempts">The tries, in their order; the last one that helps is the proof.</param>
public sealed record Proof(IReadOnlyList<ProofAttempt> Attempts)
{
    /// <summary>The best try that helps; null where none does.</summary>
    public ProofAttempt? Best => Attempts.Where(attempt => attempt.Helps).MaxBy(attempt => ReplayRunner.Gain(attempt.Before, attempt.After!));

    /// <summary>Whether a fix helps.</summary>
    public bool IsRepaired => Best is not null;

    /// <summary>Counted work of all tries, as a multiple of that of the run.</summary>
    public double Cost => Attempts.Sum(attempt => attempt.Cost);

    /// <summary>The recipe with the changes that help; null where none do.</summary>
    public Recipe? Repaired { get; init; }
}
