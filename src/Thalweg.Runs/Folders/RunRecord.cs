using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>What a run was asked for and what it has done so far: the file <c>run.json</c> of its folder.</summary>
public sealed record RunRecord
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "run.json";

    private const int Version = 1;

    /// <summary>Version of the form; 1.</summary>
    public int FormatVersion { get; init; } = Version;

    /// <summary><c>running</c> (or killed), <c>interrupted</c>, <c>failed</c> (by an exception), <c>finished</c>,
    /// <c>stopped</c> (by an observer) or <c>diverged</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Name of the run; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Tags of the run; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A remark of whoever started the run; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>What was asked for, and the defaults that depend on the data; <c>recipe.yaml</c> has them all.</summary>
    [JsonConverter(typeof(FlatRecipe))]
    public required Recipe Settings { get; init; }

    /// <summary>The defaults that were filled in, and why; null in files of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RunDefault>? Defaults { get; init; }

    /// <summary>Whether the run ends with a reading of the test data.</summary>
    public bool OpensTest { get; init; }

    /// <summary>Why the run cannot be replayed from its recipe; null where it can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotReplayable { get; init; }

    /// <summary>Digest of the preprocessing and the sizes of the parts: shows whether the data are still the same.</summary>
    public required string DataDigest { get; init; }

    /// <summary>What the data hold; null in records of versions that did not keep it, and where that is not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DataFingerprint? Fingerprint { get; init; }

    /// <summary>Each time that the run was resumed; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RunResumption>? Resumptions { get; init; }

    /// <summary>The epochs so far.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>Time of training so far, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Figures on the test data, read at the end where that was asked for; else null.</summary>
    public Evaluation? Test { get; init; }

    /// <summary>Figures on the validation data with what they are to be seen beside; null while the run is not over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvaluationReport? ValidationReport { get; init; }

    /// <summary>The same on the test data, where they were read at the end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvaluationReport? TestReport { get; init; }

    /// <summary>When the run began, in universal time; null in files of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Started { get; init; }

    /// <summary>On what it ran; null in files of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunEnvironment? Environment { get; init; }

    /// <summary>How it ended; null while it has not, and in files of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunOutcome? Outcome { get; init; }

    /// <summary>Whether the run can be resumed.</summary>
    [JsonIgnore]
    public bool IsUnfinished => Status is "running" or "interrupted" or "failed";

    /// <summary>The record as text, as a checkpoint keeps it.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunRecord);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    internal static RunRecord FromJson(string json, string source) => Parse(Encoding.UTF8.GetBytes(json), source);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="directory">The run's folder.</param>
    internal void Save(string directory) => AtomicFile.Write(
        Path.Combine(directory, FileName), stream => JsonSerializer.Serialize(stream, this, RunJson.Default.RunRecord));

    /// <summary>Reads the file.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged or of a newer version.</exception>
    public static RunRecord Load(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException(
                $"{path}: cannot read the record of the run ({error.Message}); give the folder of a run", error);
        }
    }

    private static RunRecord Parse(byte[] text, string path)
    {
        try
        {
            // The version before the rest, which a newer one may write otherwise.
            if (JsonSerializer.Deserialize(text, RunJson.Default.VersionedRecord)?.FormatVersion > Version)
                throw new ThalwegException($"{path}: expected a record of version {Version}, found a newer one; update Thalweg to read it");
            return JsonSerializer.Deserialize(text, RunJson.Default.RunRecord) ?? throw new JsonException("expected an object, got null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ThalwegException(
                $"{path}: not the record of a run ({error.Message.ReplaceLineEndings(" ")}); start the run again with RunOptions.Replaces",
                error);
        }
    }
}

/// <summary>A default that was filled in.</summary>
/// <param name="Path">Path of the field in the recipe.</param>
/// <param name="Value">The value as text; null where the default is to leave it out.</param>
/// <param name="Reason">Why.</param>
public sealed record RunDefault(string Path, string? Value, string Reason);

/// <summary>How a run ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="KeptEpoch">Epoch whose weights the model holds, from 0; -1 for those of the start.</param>
/// <param name="Failure">What went wrong; null where nothing did.</param>
/// <param name="Note">Why a minimizer or an observer ended the run; else null.</param>
public sealed record RunOutcome(EndReason Reason, long Steps, int KeptEpoch, string? Failure = null, string? Note = null);

/// <summary>One resumption of a run.</summary>
/// <param name="Time">When it was.</param>
/// <param name="Step">Steps that had been taken.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Threads">Threads of the kernels.</param>
/// <param name="Changes">Fields of the recipe that were changed, as in <c>training.epochs: 20 -> 40</c>; null for none.</param>
public sealed record RunResumption(
    DateTimeOffset Time, long Step, string Host, int Threads,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Changes = null);

/// <summary>The version of a record.</summary>
internal sealed record VersionedRecord
{
    /// <summary>Version of the form.</summary>
    public int FormatVersion { get; init; }
}

/// <summary>The JSON code of the record, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(VersionedRecord))]
internal sealed partial class RunJson : JsonSerializerContext;
