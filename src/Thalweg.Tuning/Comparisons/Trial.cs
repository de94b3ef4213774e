using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Thalweg.Tuning;

/// <summary>What a trial is for.</summary>
public enum TrialPhase
{
    /// <summary>To find the best learning rate.</summary>
    Tuning,

    /// <summary>To rank the contender at its best rate, with seeds that the tuning has not seen.</summary>
    Ranking,
}

/// <summary>One training run of a comparison.</summary>
/// <param name="Contender">Place of the contender, from 0.</param>
/// <param name="Phase">What it is for.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Seed">Names weights, order of samples and dropout.</param>
public sealed record Trial(int Contender, TrialPhase Phase, double Rate, ulong Seed);

/// <summary>Result of a trial.</summary>
public sealed record ComparisonTrial
{
    /// <summary>The trial.</summary>
    public required Trial Trial { get; init; }

    /// <summary>Best validation metric of the run: accuracy or R2; NaN where no epoch was finished.</summary>
    public required double Metric { get; init; }

    /// <summary>Whether the loss became NaN or infinite; the trial then counts as the trivial answer.</summary>
    public required bool Diverged { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Time in seconds, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Mean training loss of each epoch.</summary>
    public required IReadOnlyList<double> TrainingLoss { get; init; }

    /// <summary>Validation loss after each epoch.</summary>
    public required IReadOnlyList<double> ValidationLoss { get; init; }

    /// <summary>Validation metric after each epoch.</summary>
    public required IReadOnlyList<double> Metrics { get; init; }

    /// <summary>Time of each epoch's training in seconds, validation not included.</summary>
    public required IReadOnlyList<double> EpochSeconds { get; init; }

    /// <summary>Score of each validation sample by the best weights, as floats whose mean is the metric; null for trials
    /// of the tuning.</summary>
    public byte[]? Scores { get; init; }

    /// <summary>The scores as numbers.</summary>
    [JsonIgnore]
    public ReadOnlySpan<float> SampleScores => MemoryMarshal.Cast<byte, float>(Scores);
}
