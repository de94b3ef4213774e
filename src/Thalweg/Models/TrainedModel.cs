using System.Text.Json;
using System.Text.Json.Nodes;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Models;

/// <summary>A network with the preprocessing of its data and its origin: what a model file holds, and what predicts.</summary>
/// <param name="Module">The network.</param>
/// <param name="Preprocessing">Turns raw rows into its inputs.</param>
/// <param name="Provenance">Where it came from.</param>
public sealed record TrainedModel(Module Module, Preprocessing Preprocessing, Provenance Provenance)
{
    /// <summary>A model whose origin nobody has told: its <see cref="Provenance"/> says so.</summary>
    /// <param name="module">The network.</param>
    /// <param name="preprocessing">Turns raw rows into its inputs.</param>
    public TrainedModel(Module module, Preprocessing preprocessing)
        : this(module, preprocessing, new Provenance())
    {
    }

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
        if (JsonNode.Parse(file.Document.Architecture.GetRawText()) is not JsonObject architecture)
        {
            throw new ThalwegException($"{path}: expected an architecture in the header, got something else; the model file is damaged");
        }

        Module module = LayerRegistry.Build(architecture);
        Preprocessing preprocessing = Preprocessing.FromJson(file.Document.Preprocessing.GetRawText());
        ModuleState.Read(file.Weights, module, path);
        module.SetTraining(false);
        return new TrainedModel(module, preprocessing, file.Document.Provenance);
    }

    /// <summary>Scores the model.</summary>
    /// <param name="data">Samples that its <see cref="Preprocessing"/> prepared.</param>
    public Metrics.Evaluation Evaluate(Dataset data) =>
        new Evaluator(Module, Evaluator.LossOf(data.Task), Preprocessing.Target.Deviation).Evaluate(data);

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
