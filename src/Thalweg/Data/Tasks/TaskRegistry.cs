using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thalweg.Layers;

namespace Thalweg.Data;

/// <summary>Builds tasks from their descriptions, as model files hold them.</summary>
public static class TaskRegistry
{
    private static readonly ConcurrentDictionary<string, Func<JsonObject, LearningTask>> s_builders = new()
    {
        [ClassificationTask.Word] = d => new ClassificationTask(Names(d)),
        [RegressionTask.Word] = RegressionTask.Build,
        [MultiLabelTask.Word] = d => new MultiLabelTask(Names(d)),
        [TokenClassificationTask.Word] = d => new TokenClassificationTask(LayerRegistry.Read<int>(d, "length"), Names(d)),
        [CompositeTask.Word] = CompositeTask.Build,
        [TripletTask.Word] = TripletTask.Build,
        [PairTask.Word] = PairTask.Build,
    };

    /// <summary>Adds a custom task.</summary>
    /// <param name="name">Value of <c>task</c> in the description that <see cref="LearningTask.Describe"/> gives.</param>
    /// <param name="build">Makes the task from its description.</param>
    public static void Register(string name, Func<JsonObject, LearningTask> build)
    {
        if (!s_builders.TryAdd(name, build))
            throw new ThalwegException($"[task] expected a name that no task has, got '{name}'; choose another");
    }

    /// <summary>Builds a task.</summary>
    /// <param name="description">What <see cref="LearningTask.Describe"/> gave.</param>
    /// <exception cref="ThalwegException">The task is unknown, or a property is missing or of the wrong kind.</exception>
    public static LearningTask Build(JsonObject description)
    {
        ArgumentNullException.ThrowIfNull(description);
        string name = LayerRegistry.Read<string>(description, "task");
        return s_builders.TryGetValue(name, out Func<JsonObject, LearningTask>? build)
            ? build(description)
            : throw new ThalwegException(
                $"[task] expected one of the tasks {string.Join(", ", s_builders.Keys.Order())}, got '{name}'; register it with "
                + nameof(TaskRegistry));
    }

    /// <summary>Names of classes in a description.</summary>
    internal static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    private static string[] Names(JsonObject description) => description["classNames"] is JsonArray names
        ? [.. names.Select(name => name is JsonValue value && value.TryGetValue(out string? text) ? text : "")]
        : [];
}

/// <summary>Tasks in JSON: the word of one whose names stand elsewhere, as every file of earlier versions has it,
/// or a description.</summary>
public sealed class LearningTaskConverter : JsonConverter<LearningTask>
{
    private const string Classification = "Classification", Regression = "Regression";

    /// <inheritdoc/>
    public override LearningTask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            string word = reader.GetString()!;
            return word.Equals(Classification, StringComparison.OrdinalIgnoreCase) ? LearningTask.Classification()
                : word.Equals(Regression, StringComparison.OrdinalIgnoreCase) ? LearningTask.Regression()
                : throw new JsonException($"expected the task {Classification} or {Regression}, got '{word}'");
        }

        try
        {
            return TaskRegistry.Build(JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected a task, got none"));
        }
        catch (ThalwegException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LearningTask value, JsonSerializerOptions options)
    {
        if (value is ClassificationTask)
            writer.WriteStringValue(Classification);
        else if (value is RegressionTask { Outputs: [{ Name: LearningTask.TargetName, Unit: "", Mean: 0, Deviation: 1 }] })
            writer.WriteStringValue(Regression);
        else
            value.Describe().WriteTo(writer);
    }
}
