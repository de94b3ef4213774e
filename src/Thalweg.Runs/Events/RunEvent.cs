using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Something that happened in a run: one of the records below, each a line of <c>events.jsonl</c>.</summary>
/// <remarks>The union is closed but for <see cref="Custom"/>, which carries events of other programs and of newer versions.</remarks>
public abstract record RunEvent
{
    /// <summary>A name that occurs twice would only be found when a member is asked for.</summary>
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private RunEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The run begins, or resumes; epochs from <paramref name="Epoch"/> on that stand before it in the file were not
    /// kept.</summary>
    /// <param name="Epoch">The epoch that comes next, from 0.</param>
    /// <param name="Step">Steps taken so far.</param>
    /// <param name="Epochs">Epochs of the whole run.</param>
    /// <param name="StepsPerEpoch">Steps in the first epoch.</param>
    /// <param name="Optimizer">What makes the updates.</param>
    /// <param name="NotReplayable">Why the run cannot be replayed from its recipe; null where it can.</param>
    public sealed record Started(int Epoch, long Step, int Epochs, int StepsPerEpoch, string Optimizer, string? NotReplayable = null)
        : RunEvent;

    /// <summary>Something is probably not as it was meant.</summary>
    /// <param name="Message">One sentence.</param>
    public sealed record Warning(string Message) : RunEvent;

    /// <summary>An epoch is over.</summary>
    /// <param name="Report">Its figures.</param>
    public sealed record EpochEnded(EpochReport Report) : RunEvent;

    /// <summary>The state of the run was saved.</summary>
    /// <param name="Epoch">Epochs that are over.</param>
    /// <param name="Step">Steps taken.</param>
    public sealed record Checkpoint(int Epoch, long Step) : RunEvent;

    /// <summary>A step failed, and was skipped or rolled back.</summary>
    /// <param name="Epoch">Epoch, from 0.</param>
    /// <param name="Step">Step of the run, from 0.</param>
    /// <param name="Action">What was done.</param>
    /// <param name="Loss">Loss of the step.</param>
    /// <param name="Message">One sentence: what happened, and what was done.</param>
    public sealed record Recovered(int Epoch, long Step, NonFiniteAction Action, double Loss, string Message) : RunEvent;

    /// <summary>Something outside the training failed, as a full disk or a damaged checkpoint, and the run continues.</summary>
    /// <param name="Message">One sentence.</param>
    public sealed record Fault(string Message) : RunEvent;

    /// <summary>The test data were read.</summary>
    /// <param name="Figures">Figures on them.</param>
    /// <param name="Reading">The entry in the ledger; null in files of older versions.</param>
    public sealed record TestRead(Evaluation Figures, Data.TestRead? Reading = null) : RunEvent;

    /// <summary>The run is over, or interrupted.</summary>
    /// <param name="Status">Status as in <see cref="RunRecord.Status"/>.</param>
    /// <param name="Reason">Why it ended.</param>
    /// <param name="Steps">Steps taken.</param>
    /// <param name="Seconds">Time of training in seconds.</param>
    /// <param name="KeptEpoch">Epoch whose weights the model holds, from 0; -1 for those of the start.</param>
    /// <param name="Failure">What went wrong; null where nothing did.</param>
    /// <param name="Note">Why a minimizer or an observer ended the run; else null.</param>
    public sealed record Ended(
        string Status, EndReason Reason, long Steps, double Seconds, int KeptEpoch, string? Failure = null, string? Note = null) : RunEvent;

    /// <summary>An event of another program, or of a newer version: readers that do not know it keep it as it is.</summary>
    /// <param name="Kind">Its kind, as in <c>doctor.finding</c>.</param>
    /// <param name="Version">Version of its form, 1 or more; 0 where it does not say.</param>
    /// <param name="Json">Its content, a JSON value.</param>
    public sealed record Custom(string Kind, int Version, string Json) : RunEvent;

    /// <summary>The event as one line of JSON.</summary>
    public string ToJson()
    {
        if (this is Custom { Version: 0 } unknown)
            return unknown.Json;
        string kind = KindOf(this);
        JsonObject line = new() { ["event"] = kind, ["time"] = Time };
        JsonObject fields = this is Custom custom
            ? new JsonObject { ["kind"] = custom.Kind, ["version"] = custom.Version, ["data"] = JsonNode.Parse(custom.Json) }
            : JsonSerializer.SerializeToNode(this, GetType(), EventJson.Default)!.AsObject();
        fields.Remove("time");
        foreach ((string name, JsonNode? value) in fields.ToArray())
        {
            fields.Remove(name);
            line[name] = value;
        }

        return line.ToJsonString(EventJson.Default.Options);
    }

    /// <summary>Reads an event.</summary>
    /// <param name="json">One JSON object, as <see cref="ToJson"/> writes it.</param>
    /// <returns>The event; <see cref="Custom"/> with version 0 and the whole object where its name is not known.</returns>
    /// <exception cref="JsonException">It is no JSON object, or a field is missing.</exception>
    public static RunEvent FromJson(string json)
    {
        if (JsonNode.Parse(json, documentOptions: s_strict) is not JsonObject line || line["event"]?.GetValueKind() != JsonValueKind.String)
            throw new JsonException("expected an object with a member \"event\"");
        return line["event"]!.GetValue<string>() switch
        {
            "started" => Read<Started>(line),
            "warning" => Read<Warning>(line),
            "epoch_ended" => Read<EpochEnded>(line),
            "checkpoint" => Read<Checkpoint>(line),
            "recovered" => Read<Recovered>(line),
            "fault" => Read<Fault>(line),
            "test_read" => Read<TestRead>(line),
            "ended" => Read<Ended>(line),
            "custom" => ReadCustom(line),
            string other => new Custom(other, 0, json),
        };
    }

    private static string KindOf(RunEvent run) => SettingsText.Snake(run.GetType().Name);

    private static Custom ReadCustom(JsonObject line) => line["kind"] is { } kind && line["version"] is { } version
        ? new Custom(kind.GetValue<string>(), version.GetValue<int>(), line["data"]?.ToJsonString() ?? "null")
        {
            Time = line["time"]?.GetValue<DateTimeOffset>() ?? default,
        }
        : throw new JsonException("expected a custom event with \"kind\" and \"version\"");

    private static RunEvent Read<T>(JsonObject line)
        where T : RunEvent => (RunEvent)line.Deserialize(typeof(T), EventJson.Default)!;
}

/// <summary>The JSON code of events, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunEvent.Started))]
[JsonSerializable(typeof(RunEvent.Warning))]
[JsonSerializable(typeof(RunEvent.EpochEnded))]
[JsonSerializable(typeof(RunEvent.Checkpoint))]
[JsonSerializable(typeof(RunEvent.Recovered))]
[JsonSerializable(typeof(RunEvent.Fault))]
[JsonSerializable(typeof(RunEvent.TestRead), TypeInfoPropertyName = "TestReadEvent")]
[JsonSerializable(typeof(RunEvent.Ended))]
internal sealed partial class EventJson : JsonSerializerContext;
