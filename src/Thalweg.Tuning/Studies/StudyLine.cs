using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>A line of the log of a study: one of these, and when it was written.</summary>
internal sealed record StudyLine
{
    /// <summary>When it was written, in universal time.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>What the study is; the first line, and where it was extended.</summary>
    public StudyHeader? Study { get; init; }

    /// <summary>A worker that begins.</summary>
    public WorkerLine? Worker { get; init; }

    /// <summary>A worker that ends, and gives back the job that it had.</summary>
    public string? Leave { get; init; }

    /// <summary>A job that is chosen and taken.</summary>
    public JobLine? Job { get; init; }

    /// <summary>A job that another worker had, and that is taken over.</summary>
    public ClaimLine? Claim { get; init; }

    /// <summary>A job that has ended.</summary>
    public EndLine? End { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, StudyJson.Default.StudyLine);

    /// <summary>Reads a line.</summary>
    /// <exception cref="ThalwegException">It is damaged.</exception>
    public static StudyLine Parse(string json, string place)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StudyJson.Default.StudyLine) ?? throw new JsonException("expected an object, got null");
        }
        catch (JsonException error)
        {
            throw new ThalwegException($"{place}: a line of the study is damaged ({error.Message.ReplaceLineEndings(" ")}): "
                + $"{(json.Length > 60 ? json[..60] + "..." : json)}; restore the study from a copy", error);
        }
    }
}

/// <summary>What a study is, as texts.</summary>
internal sealed record StudyHeader
{
    /// <summary>Version of the form that this library writes.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public string? Recipe { get; init; }

    public required IReadOnlyList<string> Space { get; init; }

    public required IReadOnlyList<string> Goals { get; init; }

    public required string Sampler { get; init; }

    public required string Pruner { get; init; }

    public required string Order { get; init; }

    public required int Trials { get; init; }

    public long? MaxEpochs { get; init; }

    public required int MaxBudget { get; init; }

    public required ulong Seed { get; init; }

    public required int Finalists { get; init; }

    public required int Repeats { get; init; }

    public IReadOnlyList<string> Starts { get; init; } = [];

    public string? Data { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSearchClosed { get; init; }
}

internal sealed record WorkerLine(string Id, RunOwner Owner);

/// <param name="Index">Number of the job, from 0.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Seen">Jobs whose results it was chosen from.</param>
/// <param name="Worker">Who has taken it; null for one that waits.</param>
/// <param name="Point">The point of a trial that begins.</param>
/// <param name="Repeat">Which repetition of a finalist.</param>
internal sealed record JobLine(int Index, StudyJobKind Kind, int Trial, int Seen, string? Worker, string? Point = null, int Repeat = 0);

internal sealed record ClaimLine(int Index, string Worker);

internal sealed record EndLine(int Index, string Worker, TrialReport Report);

/// <summary>The JSON code of the log, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StudyLine))]
internal sealed partial class StudyJson : JsonSerializerContext;
