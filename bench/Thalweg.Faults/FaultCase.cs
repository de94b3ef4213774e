namespace Thalweg.Faults;

/// <summary>Which half of the suite a case belongs to.</summary>
internal enum Half
{
    /// <summary>Thresholds and coefficients may be set by it.</summary>
    Calibration,

    /// <summary>It is only scored; each scoring is a line in docs/doctor.md.</summary>
    Scored,
}

/// <summary>How a planted fault shows.</summary>
internal enum Symptom
{
    /// <summary>The metric on the validation data falls.</summary>
    Metric,

    /// <summary>The loss on the validation data rises, as that of probabilities that are too sure does.</summary>
    Loss,

    /// <summary>The first of the metrics that the recipe asks for falls.</summary>
    OtherMetric,

    /// <summary>The validation figure is better than it can be on new data.</summary>
    TooGood,

    /// <summary>Nothing falls: what is wrong is that the figures cannot be trusted.</summary>
    Trust,
}

/// <summary>A planted fault: a training that goes well, the same with one thing wrong, and what that is.</summary>
/// <param name="Name">Unique: cause, problem and a number.</param>
/// <param name="Cause">Id of the planted cause.</param>
/// <param name="Half">Calibration or scored.</param>
/// <param name="Healthy">The twin without the fault.</param>
/// <param name="Faulty">The training with the fault.</param>
internal sealed record FaultCase(string Name, string Cause, Half Half, Setup Healthy, Setup Faulty)
{
    /// <summary>Ids of the causes that are true consequences or other names of the planted one; any other finding is false.</summary>
    public required IReadOnlySet<string> Accepted { get; init; }

    /// <summary>How the fault shows.</summary>
    public Symptom Symptom { get; init; }

    /// <summary>Kind of the network: dense, convolutional, recurrent.</summary>
    public required NetworkKind Kind { get; init; }

    /// <summary>Whether a finding of the cause is right, as the planted one or beside it.</summary>
    public bool Accepts(string cause) => cause == Cause || Accepted.Contains(cause);
}
