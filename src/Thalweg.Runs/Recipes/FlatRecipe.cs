using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thalweg.Runs;

/// <summary>A recipe as <c>run.json</c> and the <c>settings.json</c> of comparisons have it: one flat object.</summary>
/// <remarks>These names are older than recipes.</remarks>
public sealed class FlatRecipe : JsonConverter<Recipe>
{
    private static readonly (string Name, string Path)[] s_members =
    [
        ("data", "data.source"), ("samples", "data.samples"), ("test", "data.split.test"), ("target", "data.target"),
        ("columns", "data.reading.column_names"), ("ignored", "data.ignored_columns"), ("categorical", "data.categorical_columns"),
        ("hasHeader", "data.reading.has_header"), ("separator", "data.reading.separator"), ("encoding", "data.reading.encoding"),
        ("comment", "data.reading.comment"), ("layout", "data.reading.layout"), ("decimal", "data.reading.decimal_mark"),
        ("thousands", "data.reading.thousands_mark"), ("missing", "data.reading.missing_words"), ("task", "data.task"),
        ("classWeights", "data.class_weights"), ("sampleWeight", "data.sample_weight"), ("strict", "data.strict"),
        ("model", "network.layers"), ("activation", "network.activation"), ("outputActivation", "network.output_activation"),
        ("loss", "training.loss"), ("initializer", "network.initializer"), ("norm", "network.normalization"),
        ("dropout", "network.dropout"), ("dropoutScaling", "network.dropout_scaling"), ("dropoutKind", "network.dropout_kind"),
        ("dropPath", "network.drop_path"), ("biasInitializer", "network.bias_initializer"), ("from", "start.from"),
        ("fromLayout", "start.from_layout"), ("lsuv", "start.lsuv"), ("pretrain", "start.pretraining_epochs"),
        ("outputBias", "start.output_bias"), ("freeze", "start.frozen"), ("optimizer", "training.optimizer.name"),
        ("learningRate", "training.optimizer.learning_rate"), ("schedule", "training.optimizer.schedule"),
        ("warmup", "training.optimizer.warmup"), ("decay", "training.optimizer.weight_decay"),
        ("clip", "training.optimizer.clip_norm"), ("batch", "training.batch_size"), ("batchSchedule", "training.batch_schedule"),
        ("batchGradient", "training.batch_gradient"), ("microBatch", "training.micro_batch_size"),
        ("lastBatch", "training.last_batch"), ("regularize", "training.regularizers"),
        ("monitor", "training.early_stopping.monitor"), ("delta", "training.early_stopping.min_delta"),
        ("deltaForm", "training.early_stopping.min_delta_form"), ("evaluateEvery", "training.evaluate_every"),
        ("epochLoss", "training.epoch_loss"), ("keep", "training.early_stopping.keep"), ("epochs", "training.epochs"),
        ("patience", "training.early_stopping.patience"), ("seed", "seed"), ("precision", "precision"),
    ];

    /// <summary>Fields that are left out where they are null, because versions before recipes did not have them.</summary>
    private static readonly (string Name, string Path)[] s_later =
    [
        ("validation", "data.split.validation"), ("limit", "data.split.limit"), ("splitSeed", "data.split.seed"), ("threads", "threads"),
        ("metrics", "training.metrics"), ("skipLeakageChecks", "data.skip_leakage_checks"), ("folds", "data.split.folds"),
        ("repeats", "data.split.repeats"), ("fold", "data.split.fold"), ("holdoutFold", "data.split.holdout_fold"), ("repeat", "data.split.repeat"), ("group", "data.split.group"),
        ("time", "data.split.time"), ("gap", "data.split.gap"), ("sampler", "training.sampler"), ("maxSteps", "training.max_steps"),
        ("maxTime", "training.max_time"), ("shards", "training.shards"), ("maxSize", "data.reading.max_size"),
        ("checkpointEvery", "run.checkpoint_every"), ("keepCheckpoints", "run.keep_checkpoints"), ("onNonFinite", "run.on_non_finite"),
        ("spikeFactor", "run.spike_factor"),
    ];

    private static readonly (string Name, RecipeField Field)[] s_fields =
        [.. s_members.Concat(s_later).Select(member => (member.Name, RecipeField.Find(member.Path)))];

    /// <summary>The names of this form, with the paths of their fields.</summary>
    internal static IEnumerable<(string Name, string Path)> Names => s_members.Concat(s_later);

    /// <inheritdoc/>
    public override Recipe Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        Recipe recipe = new();
        foreach ((string name, RecipeField field) in s_fields)
        {
            if (document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                recipe = Set(recipe, (name, field), value);
        }

        return Plain(recipe);
    }

    /// <summary>The recipe as it comes back from its flat form, which does not distinguish the default activation from one that was
    /// given.</summary>
    internal static Recipe Plain(Recipe recipe) =>
        recipe.Network.Activation == RecipeDefaults.Activation ? recipe.With("network.activation", null) : recipe;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Recipe value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, RecipeField field) in s_fields)
        {
            object? item = Written(field, value);
            bool isOptional = options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull
                || s_later.Any(member => member.Name == name);
            if ((item is null || (item is false && s_later.Any(member => member.Name == name))) && isOptional)
                continue;
            writer.WritePropertyName(name);
            Write(writer, field, item);
        }

        writer.WriteEndObject();
    }

    /// <summary>The value as versions before recipes had it.</summary>
    private static object? Written(RecipeField field, Recipe recipe) =>
        field.Get(recipe) ?? (field.Path == "network.activation" ? RecipeDefaults.Activation : null);

    private static void Write(Utf8JsonWriter writer, RecipeField field, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case char character:
                writer.WriteStringValue(character.ToString());
                break;
            default:
                writer.WriteStringValue(field.Format(value));
                break;
        }
    }

    private static Recipe Set(Recipe recipe, (string Name, RecipeField Field) member, JsonElement value)
    {
        try
        {
            return recipe.With(member.Field.Path, value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when value.TryGetInt32(out int whole) => whole,
                JsonValueKind.Number when value.TryGetUInt64(out ulong whole) => whole,
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.String => value.GetString(),
                _ => throw new JsonException($"{member.Name}: expected one value, got {value.ValueKind}"),
            });
        }
        catch (ThalwegException error)
        {
            throw new JsonException($"{member.Name}: {error.Message}", error);
        }
    }
}
