using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>One output of a network with the task that it learns.</summary>
/// <param name="Name">Name of the output and of its target.</param>
/// <param name="Task">What it learns.</param>
public sealed record TaskPart(string Name, LearningTask Task)
{
    /// <summary>Its loss; default null, that of the task.</summary>
    public Loss? Loss { get; init; }

    /// <summary>By how much its loss counts in the sum, 0 or more; default 1.</summary>
    /// <exception cref="ThalwegException">It is below 0 or not finite.</exception>
    public double Weight
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ThalwegException($"[task] expected a finite weight of 0 or more for the output '{Name}', got {value}");
    } = 1;
}

/// <summary>Several tasks at once, one for each named output of a network; the loss is the sum of theirs, each by its weight.</summary>
/// <remarks>The network derives from <see cref="TensorDictionaryModule"/> and gives an output of the name of each part; the targets have
/// those names too.</remarks>
public sealed class CompositeTask : LearningTask
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "composite";

    private readonly TensorSpec[] _targets;

    /// <summary>Makes the task.</summary>
    /// <param name="parts">The parts, one or more, of different names; none is composite itself.</param>
    /// <exception cref="ThalwegException">There are none, two have one name, one is composite, or all weigh 0.</exception>
    public CompositeTask(params IReadOnlyList<TaskPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Select(p => p.Name).Distinct().Count() < parts.Count || parts.All(p => p.Weight == 0))
        {
            throw new ThalwegException("[task] expected one or more outputs of different names, not all of weight 0, got "
                + $"[{string.Join(", ", parts.Select(p => p.Name))}]; correct them");
        }

        if (parts.FirstOrDefault(p => p.Task.Targets.Count != 1 || p.Task is CompositeTask) is { } wrong)
        {
            throw new ThalwegException($"[task] expected a task with one target for the output '{wrong.Name}', got {wrong.Task.Name}; "
                + "list the outputs one by one");
        }

        Parts = [.. parts];
        _targets = [.. parts.Select(p => Named(p.Name, p.Task.Targets[0]))];
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <summary>The loss of the first part; each part has its own.</summary>
    public override Loss DefaultLoss => Parts[0].Loss ?? Parts[0].Task.DefaultLoss;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override IReadOnlyList<TaskPart> Parts { get; }

    /// <inheritdoc/>
    public override int PredictionWidth => Parts.Sum(part => part.Task.PredictionWidth);

    /// <inheritdoc/>
    public override string ToWords(ReadOnlySpan<double> prediction)
    {
        List<string> words = [];
        foreach (TaskPart part in Parts)
        {
            words.Add($"{part.Name}: {part.Task.ToWords(prediction[..part.Task.PredictionWidth])}");
            prediction = prediction[part.Task.PredictionWidth..];
        }

        return string.Join("; ", words);
    }

    /// <summary>Not for a composite task, whose parts have forms of their own.</summary>
    /// <exception cref="ThalwegException">Always: ask the parts.</exception>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) => throw Several();

    /// <inheritdoc cref="FormOf"/>
    public override int OutputsFor(Loss loss, string outputActivation) => throw Several();

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["task"] = Word,
        ["parts"] = new JsonArray([.. Parts.Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Name,
            ["weight"] = p.Weight,
            ["loss"] = p.Loss is null ? null : p.Loss.ToString(),
            ["task"] = p.Task.Describe(),
        })]),
    };

    /// <summary>The task of a description.</summary>
    internal static CompositeTask Build(JsonObject description) => description["parts"] is JsonArray parts
        ? new CompositeTask([.. parts.OfType<JsonObject>().Select(part => new TaskPart(
            LayerRegistry.Read<string>(part, "name"), TaskRegistry.Build(part["task"] as JsonObject ?? []))
        {
            Weight = LayerRegistry.Read<double>(part, "weight"),
            Loss = part["loss"] is null ? null : Settings.Parse<Loss>(LayerRegistry.Read<string>(part, "loss")),
        })])
        : throw new ThalwegException("[task] expected a list 'parts' of outputs, got something else; the model file is damaged or newer");

    /// <inheritdoc/>
    internal override bool HasOwnLoss => true;

    /// <inheritdoc/>
    internal override (Loss Loss, OutputForm Form) Bind(Loss? loss, Module module, TensorDictionary outputs)
    {
        if (loss is not (null or CompositeLoss))
        {
            throw new ThalwegException($"[train] expected a loss for each output, as the parts of a composite task have them, got "
                + $"{loss.Name} for all; set {nameof(TaskPart)}.{nameof(TaskPart.Loss)}");
        }

        CompositeOutputForm form = CompositeOutputForm.Of(this, module, outputs);
        return (new CompositeLoss(form), form);
    }

    /// <inheritdoc/>
    internal override void ToUnits(Span<double> predictions, TargetEncoding target)
    {
        for (int start = 0; start < predictions.Length;)
        {
            foreach (TaskPart part in Parts)
            {
                part.Task.ToUnits(predictions.Slice(start, part.Task.PredictionWidth), target);
                start += part.Task.PredictionWidth;
            }
        }
    }

    /// <inheritdoc/>
    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit)
    {
        Dictionary<string, Evaluation> parts = [];
        for (int i = 0; i < Parts.Count && sums.Parts is not null; i++)
        {
            (double sum, double weight) = sums.PartLosses![i];
            parts[Parts[i].Name] = Parts[i].Task.Evaluate(sums.Parts[i], samples, sum / weight, 1);
        }

        return Evaluation.None(this) with { Samples = samples, Loss = loss, Outputs = parts };
    }

    private static TensorSpec Named(string name, TensorSpec spec) => new(name, spec.Shape)
    {
        IsInteger = spec.IsInteger,
        IsSequence = spec.IsSequence,
        Padding = spec.Padding,
    };

    private static ThalwegException Several() => new(
        "[train] expected a task with one output, got one with several; ask each of its parts, and let the network derive from "
        + nameof(TensorDictionaryModule));
}
