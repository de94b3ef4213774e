using Thalweg.Diagnostics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>What the doctor found: findings in the order of confidence times weight, what they rest on, and what it cost.</summary>
public sealed record Examination
{
    /// <summary>From which confidence on a finding is one; below it is a suspicion.</summary>
    public const double FindingThreshold = 0.5;

    /// <summary>Findings and suspicions, the most probable and weighty first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The findings of a confidence of <see cref="FindingThreshold"/> or more.</summary>
    public IEnumerable<Finding> Confident => Findings.Where(finding => finding.Confidence >= FindingThreshold);

    /// <summary>The full recipe; null where the run was made in code.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>Folder of the run; null where there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>What the run came to; null where it did not end.</summary>
    public TrainingOutcome? Outcome { get; init; }

    /// <summary>The epochs of the run.</summary>
    public IReadOnlyList<EpochReport> Epochs { get; init; } = [];

    /// <summary>What instruments read.</summary>
    public IReadOnlyList<InstrumentReading> Readings { get; init; } = [];

    /// <summary>The experiments that were made.</summary>
    public IReadOnlyList<ExperimentResult> Experiments { get; init; } = [];

    /// <summary>What could not be measured and why, a line each.</summary>
    public IReadOnlyList<string> Unavailable { get; init; } = [];

    /// <summary>Counted work of experiments, as a multiple of that of the run.</summary>
    public double Cost { get; init; }

    /// <summary>The finding of a cause.</summary>
    /// <param name="cause">Id of the cause, as in <c>dead_relu</c>.</param>
    /// <exception cref="ThalwegException">There is no such cause, or it was not found.</exception>
    public Finding Find(string cause)
    {
        Cause wanted = Cause.Parse(cause);
        string found = string.Join(", ", Findings.Take(5).Select(finding => finding.Cause));
        return Findings.FirstOrDefault(finding => finding.Cause == wanted) ?? throw new ThalwegException(
            $"[doctor] expected one of the findings {found}, got '{cause}', which was not found; choose one of those");
    }

    /// <summary>The examination as one JSON object: findings with evidence and fixes, experiments, figures, cost.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string ToJson(string language = DoctorTexts.English) => FindingJson.Of(this, language).ToJsonString();

    /// <summary>The replays that were made, for a proof to use again.</summary>
    internal ReplayRunner? Replays { get; init; }

    /// <summary>Data and network that the run was examined with, for a proof to use again.</summary>
    internal DoctorOptions? Options { get; init; }
}
