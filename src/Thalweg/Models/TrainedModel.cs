using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Models;

/// <summary>A network with the preprocessing of its data and its origin: what a model file holds, and what predicts.</summary>
/// <param name="Module">The network.</param>
/// <param name="Preprocessing">Turns raw rows into its inputs.</param>
/// <param name="Provenance">Where it came from.</param>
public sealed record TrainedModel(Module Module, Preprocessing Preprocessing, Provenance Provenance)
{
    private readonly Loss? _loss;

    /// <summary>A model whose origin is unknown: its <see cref="Provenance"/> says so.</summary>
    /// <param name="module">The network.</param>
    /// <param name="preprocessing">Turns raw rows into its inputs.</param>
    public TrainedModel(Module module, Preprocessing preprocessing)
        : this(module, preprocessing, new Provenance())
    {
    }

    /// <summary>The loss it was trained with, which says how predictions are read from the outputs; by default the one that belongs to the
    /// task.</summary>
    /// <exception cref="ThalwegException">The model was loaded from a file, and its loss is a custom one: set it, as in
    /// <c>model with { Loss = new FocalLoss() }</c>.</exception>
    public Loss Loss
    {
        get => _loss ?? (UnknownLoss is null ? Evaluator.LossOf(Preprocessing.Task) : throw new ThalwegException(
            $"[model] expected a loss that is known here, got {UnknownLoss}; set it by model with {{ Loss = ... }}"));
        init => _loss = value;
    }

    /// <summary>The data it was trained on and how they were divided, from which <see cref="DataOrigin.Open"/> gets the test data that
    /// training did not see; null where that is not known.</summary>
    public DataOrigin? Origin { get; init; }

    /// <summary>Temperature that the probabilities of classes are calibrated with, above 0; default 1, not calibrated. See
    /// <see cref="TemperatureScaling"/>.</summary>
    /// <exception cref="ThalwegException">It is not a finite number above 0.</exception>
    public double Temperature
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value
            : throw new ThalwegException($"[model] expected a temperature above 0, got {value}; 1 leaves probabilities as they are");
    } = 1;

    /// <summary>Text of the loss of a loaded model that does not read back; else null.</summary>
    internal string? UnknownLoss { get; init; }

    /// <summary>Saves the model, whole or not at all.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public void Save(string path)
    {
        ModelDocument document = new()
        {
            Architecture = Parse(Module.Describe().ToJsonString()),
            Preprocessing = Parse(Preprocessing.ToJson()),
            Provenance = Provenance,
            Loss = HasTaskLoss ? null : _loss is null ? UnknownLoss ?? Loss.ToString() : _loss.ToString(),
            Origin = Origin,
            Temperature = Temperature == 1 ? null : Temperature,
        };
        SafetensorsWriter weights = new();
        ModuleState.Write(weights, Module, name => name);
        ModelFile.Save(path, document, weights);
    }

    /// <summary>Loads a model, ready to predict.</summary>
    /// <param name="path">Path of the file, or of the folder of a run.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged, altered, not a Thalweg model, or of a newer form.</exception>
    public static TrainedModel Load(string path)
    {
        path = ModelFile.PathOf(path);
        ModelFile file = ModelFile.Load(path);
        Module module = ModuleFile.Build(file.Document.Architecture, file.Weights, path);
        Preprocessing preprocessing = Preprocessing.FromJson(file.Document.Preprocessing.GetRawText());
        (Loss? loss, string? unknown) = LossOf(file.Document.Loss, preprocessing.Task);
        TrainedModel model = new(module, preprocessing, file.Document.Provenance)
        {
            UnknownLoss = unknown,
            Origin = file.Document.Origin,
            Temperature = file.Document.Temperature ?? 1,
        };
        return loss is null ? model : model with { Loss = loss };
    }

    /// <summary>Scores the model by its <see cref="Loss"/>.</summary>
    /// <param name="data">Samples that its <see cref="Preprocessing"/> prepared.</param>
    /// <exception cref="ThalwegException">Its loss is a custom one that is not known here.</exception>
    public Evaluation Evaluate(Dataset data) =>
        new Evaluator(Module, HasTaskLoss ? null : Loss, Preprocessing.Target.Scale).Evaluate(data);

    /// <summary>Scores the model by its <see cref="Loss"/>, with the figures of its task, their intervals and what they are to be seen
    /// beside.</summary>
    /// <param name="data">Samples that its <see cref="Preprocessing"/> prepared.</param>
    /// <param name="options">What the report holds.</param>
    /// <param name="report">The report; null where the network has several outputs, or there is more to say of the samples than memory
    /// should hold.</param>
    /// <exception cref="ThalwegException">Its loss is a custom one that is not known here, or a metric does not fit the task.</exception>
    public Evaluation Evaluate(Dataset data, ReportOptions options, out EvaluationReport? report) =>
        Evaluate(data, options, out report, out _);

    /// <inheritdoc cref="Evaluate(Dataset, ReportOptions, out EvaluationReport?)"/>
    /// <param name="data">Samples that its <see cref="Preprocessing"/> prepared.</param>
    /// <param name="options">What the report holds.</param>
    /// <param name="report">The report; null as for the other overload.</param>
    /// <param name="predictions">What the report was made from; null where there is none.</param>
    public Evaluation Evaluate(Dataset data, ReportOptions options, out EvaluationReport? report, out Predictions? predictions)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        (report, predictions) = (null, null);
        Evaluator evaluator = new(Module, HasTaskLoss ? null : Loss, Preprocessing.Target.Scale, options.Metrics);
        if ((long)data.Count * data.Task.PredictionWidth > ReportOptions.MostNumbers)
        {
            return evaluator.Evaluate(data);
        }

        Evaluation figures = evaluator.Evaluate(data, out predictions);
        if (predictions is not null)
        {
            report = EvaluationReport.Of(
                predictions, options.MetricsFor(data.Task), options.Training is { } training ? data.Task.TrivialAnswer(training) : null,
                data.Task.ClassNames, options.Intervals);
        }

        return figures;
    }

    /// <summary>What ties the outputs of the network to classes or numbers; a loss that is not known here is taken for that of the
    /// task.</summary>
    /// <param name="outputs">Outputs of a batch by name.</param>
    internal OutputForm FormOf(TensorDictionary outputs) =>
        Preprocessing.Task.Bind(HasTaskLoss ? null : _loss, Module, outputs).Form;

    /// <summary>Whether the loss is part of the task, as where each output has its own.</summary>
    private bool HasTaskLoss => Preprocessing.Task.HasOwnLoss;

    /// <summary>The loss of a text, or the text where it does not read back.</summary>
    private static (Loss? Loss, string? Unknown) LossOf(string? text, LearningTask task)
    {
        if (text is null || task.HasOwnLoss)
        {
            return (task.HasOwnLoss ? null : Evaluator.LossOf(task), null);
        }

        try
        {
            return (Settings.Parse<Loss>(text), null);
        }
        catch (ThalwegException)
        {
            return (null, text);
        }
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
