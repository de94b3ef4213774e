using System.Text.Json.Nodes;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Findings and examinations as JSON.</summary>
internal static class FindingJson
{
    /// <summary>Kind of the event of a finding in the events of a run.</summary>
    public const string EventKind = "doctor.finding";

    /// <summary>Version of the form.</summary>
    public const int Version = 1;

    public static JsonObject Of(Finding finding, string language) => new()
    {
        ["cause"] = finding.Cause.Id,
        ["name"] = finding.Cause.Name(language),
        ["why"] = finding.Cause.Why(language),
        ["claim"] = finding.Cause.Claim,
        ["source"] = finding.Cause.Source,
        ["confidence"] = Number(finding.Confidence),
        ["strength"] = Number(finding.Strength),
        ["weight"] = Number(finding.Weight),
        ["layer"] = finding.Layer,
        ["step"] = finding.Step,
        ["experiment"] = finding.Experiment,
        ["note"] = finding.Note,
        ["evidence"] = Array(finding.Evidence, evidence => Of(evidence, language)),
        ["fixes"] = Array(finding.Fixes, fix => Of(fix, language)),
    };

    public static JsonObject Of(Examination examination, string language) => new()
    {
        ["format"] = "thalweg.doctor",
        ["version"] = Version,
        ["folder"] = examination.Folder,
        ["findings"] = Array(examination.Confident, finding => Of(finding, language)),
        ["suspicions"] = Array(
            examination.Findings.Where(finding => finding.Confidence < Examination.FindingThreshold), finding => Of(finding, language)),
        ["outcome"] = examination.Outcome is { } outcome ? Of(outcome) : null,
        ["experiments"] = Array(examination.Experiments, experiment => new JsonObject
        {
            ["experiment"] = experiment.Key,
            ["name"] = experiment.Name(language),
            ["detail"] = experiment.Detail,
            ["work"] = Number(experiment.Work),
            ["failure"] = experiment.Failure,
            ["values"] = Array(experiment.Values, evidence => Of(evidence, language)),
        }),
        ["unavailable"] = Array(examination.Unavailable, text => JsonValue.Create(text)),
        ["cost"] = Number(examination.Cost),
    };

    public static JsonObject Of(Proof proof, string language) => new()
    {
        ["repaired"] = proof.IsRepaired,
        ["cost"] = Number(proof.Cost),
        ["attempts"] = Array(proof.Attempts, attempt => new JsonObject
        {
            ["cause"] = attempt.Finding.Cause.Id,
            ["fix"] = Of(attempt.Fix, language),
            ["helps"] = attempt.Helps,
            ["fromStep"] = attempt.FromStep,
            ["cost"] = Number(attempt.Cost),
            ["failure"] = attempt.Failure,
            ["before"] = Of(attempt.Before),
            ["after"] = attempt.After is { } after ? Of(after) : null,
        }),
    };

    private static JsonObject Of(Evidence evidence, string language) => new()
    {
        ["quantity"] = evidence.Quantity,
        ["name"] = evidence.Name(language),
        ["value"] = Number(evidence.Value),
        ["threshold"] = Number(evidence.Threshold),
        ["above"] = evidence.IsAbove,
        ["layer"] = evidence.Layer,
        ["source"] = evidence.Source,
    };

    private static JsonObject Of(Fix fix, string language) => new()
    {
        ["fix"] = fix.Key,
        ["text"] = fix.Text(language),
        ["changes"] = Array(fix.Changes, change => Of(change)),
    };

    private static JsonObject Of(RecipeDifference change) => new() { ["path"] = change.Path, ["old"] = change.Old, ["new"] = change.New };

    private static JsonObject Of(TrainingOutcome outcome) => new()
    {
        ["loss"] = Number(outcome.Loss),
        ["metric"] = Number(outcome.Metric),
        ["trainingLoss"] = Number(outcome.TrainingLoss),
        ["trainingMetric"] = Number(outcome.TrainingMetric),
        ["samples"] = outcome.Samples,
        ["steps"] = outcome.Steps,
        ["reason"] = outcome.Reason.ToString(),
    };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> convert) => [.. items.Select(convert)];

    /// <summary>JSON has no infinite numbers and no NaN.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
