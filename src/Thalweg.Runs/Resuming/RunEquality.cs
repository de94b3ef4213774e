using System.Text.Json;
using System.Text.Json.Nodes;
using Thalweg.Checkpoints;

namespace Thalweg.Runs;

/// <summary>Whether two runs are the same run: weights, state, record and events, equal but for what belongs to the place and the time.</summary>
public static class RunEquality
{
    private const string SecondsField = "epochSeconds", NotesPrefix = "notes/";

    /// <summary>Fields of <c>run.json</c> and of events, at any depth, in which two equal runs may differ: wall times, machine, number of
    /// threads, the list of resumptions, and what people call a run.</summary>
    public static IReadOnlyList<string> IgnoredFields { get; } =
    [
        "time", "seconds", "host", "threads", "resumptions", "environment", "id", "started", "ended", "name", "tags", "notes", "modified",
    ];

    /// <summary>Events that depend on the clock or on what befell the machine; beside these, each <c>started</c> event but the
    /// first, which is a resumption.</summary>
    public static IReadOnlyList<string> IgnoredEvents { get; } = ["checkpoint", "fault"];

    /// <summary>Compares two finished runs.</summary>
    /// <param name="first">Folder of the one.</param>
    /// <param name="second">Folder of the other.</param>
    /// <returns>One sentence for each difference that was found; empty where the runs are equal.</returns>
    /// <exception cref="ThalwegException">A folder holds no run, or a file is damaged.</exception>
    public static IReadOnlyList<string> Differences(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return [.. OfModels(first, second), .. OfStates(first, second), .. OfRecords(first, second), .. OfEvents(first, second)];
    }

    private static IEnumerable<string> OfModels(string first, string second)
    {
        foreach (string name in (string[])[ModelFile.FileName, RunFolder.WeightsName])
        {
            (string a, string b) = (Path.Combine(first, name), Path.Combine(second, name));
            if (File.Exists(a) != File.Exists(b))
            {
                yield return $"{name}: only one of the runs has it";
            }
            else if (File.Exists(a))
            {
                (SafetensorsFile one, SafetensorsFile other) = (SafetensorsFile.Read(a), SafetensorsFile.Read(b));
                foreach (string difference in OfTensors(name, one, other))
                    yield return difference;
                if (one.Metadata.GetValueOrDefault("thalweg") != other.Metadata.GetValueOrDefault("thalweg"))
                    yield return $"{name}: the description of the model differs";
            }
        }
    }

    private static IEnumerable<string> OfStates(string first, string second)
    {
        (string? a, string? b) = (LastOf(first), LastOf(second));
        if (a is null || b is null)
            return a == b ? [] : ["only one of the runs has a checkpoint"];
        (TrainingFile one, TrainingFile other) = (TrainingFile.Load(a), TrainingFile.Load(b));
        JsonObject documentOne = DocumentOf(one.Document), documentOther = DocumentOf(other.Document);
        IEnumerable<string> tensors = OfTensors("last checkpoint", one.Tensors, other.Tensors);
        return JsonNode.DeepEquals(documentOne, documentOther) ? tensors : tensors.Append($"last checkpoint: {Where(documentOne, documentOther)}");
    }

    private static string? LastOf(string folder) => new RunFolder(folder).Checkpoints.Files.FirstOrDefault();

    private static JsonObject DocumentOf(TrainingDocument document)
    {
        JsonObject node = JsonSerializer.SerializeToNode(document, ComparisonJson.Default.TrainingDocument)!.AsObject();
        node.Remove(SecondsField);
        return node;
    }

    private static IEnumerable<string> OfTensors(string file, SafetensorsFile first, SafetensorsFile second)
    {
        Dictionary<string, SafetensorsEntry> others = second.Entries.ToDictionary(entry => entry.Name);
        foreach (SafetensorsEntry entry in first.Entries.Where(entry => !entry.Name.StartsWith(NotesPrefix, StringComparison.Ordinal)))
        {
            if (!others.Remove(entry.Name, out SafetensorsEntry? other))
                yield return $"{file}: only one of the runs has the tensor {entry.Name}";
            else if (!entry.Bytes.SequenceEqual(other.Bytes))
                yield return $"{file}: the tensor {entry.Name} differs";
        }

        foreach (string name in others.Keys.Where(name => !name.StartsWith(NotesPrefix, StringComparison.Ordinal)))
            yield return $"{file}: only one of the runs has the tensor {name}";
    }

    private static IEnumerable<string> OfRecords(string first, string second)
    {
        JsonNode one = RecordOf(first), other = RecordOf(second);
        return JsonNode.DeepEquals(one, other) ? [] : [$"{RunRecord.FileName}: {Where(one, other)}"];
    }

    private static JsonNode RecordOf(string folder)
    {
        JsonNode record = JsonNode.Parse(RunRecord.Load(folder).ToJson())!;
        Strip(record);
        return record;
    }

    private static IEnumerable<string> OfEvents(string first, string second)
    {
        JsonNode[] one = EventsOf(first), other = EventsOf(second);
        if (one.Length != other.Length)
            yield return $"{EventLog.FileName}: {one.Length} events in the one, {other.Length} in the other";
        for (int i = 0; i < Math.Min(one.Length, other.Length); i++)
        {
            if (JsonNode.DeepEquals(one[i], other[i]))
                continue;
            yield return $"{EventLog.FileName}: event {i + 1}: {Where(one[i], other[i])}";
            yield break;
        }
    }

    private static JsonNode[] EventsOf(string folder)
    {
        int starts = 0;
        JsonNode[] events =
        [
            .. EventLog.Read(folder).Where(item => item is not RunEvent.Started || starts++ == 0).Select(item => JsonNode.Parse(item.ToJson())!)
                .Where(item => !IgnoredEvents.Contains(item["event"]!.GetValue<string>())),
        ];
        foreach (JsonNode item in events)
            Strip(item);
        return events;
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? item in array)
                Strip(item);
        }

        if (node is not JsonObject fields)
            return;
        foreach (string name in IgnoredFields)
            fields.Remove(name);
        foreach ((_, JsonNode? item) in fields)
            Strip(item);
    }

    /// <summary>The first place where two values differ.</summary>
    private static string Where(JsonNode? first, JsonNode? second, string path = "")
    {
        if (first is JsonObject one && second is JsonObject other)
        {
            foreach (string name in one.Select(item => item.Key).Union(other.Select(item => item.Key)))
            {
                if (!JsonNode.DeepEquals(one[name], other[name]))
                    return Where(one[name], other[name], path.Length == 0 ? name : $"{path}.{name}");
            }
        }

        if (first is JsonArray items && second is JsonArray others && items.Count == others.Count)
        {
            int at = Enumerable.Range(0, items.Count).First(i => !JsonNode.DeepEquals(items[i], others[i]));
            return Where(items[at], others[at], $"{path}[{at}]");
        }

        return $"{path} is {Shown(first)} in the one, {Shown(second)} in the other";
    }

    private static string Shown(JsonNode? node)
    {
        const int Longest = 80;
        string text = node?.ToJsonString() ?? "absent";
        return text.Length > Longest ? text[..Longest] + "..." : text;
    }
}

/// <summary>The JSON code of comparisons, generated at build.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase,
    NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[System.Text.Json.Serialization.JsonSerializable(typeof(TrainingDocument))]
internal sealed partial class ComparisonJson : System.Text.Json.Serialization.JsonSerializerContext;
