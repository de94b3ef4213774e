using System.Text.Json;
using System.Text.Json.Nodes;
using Thalweg.Checkpoints;
using Thalweg.Models;

namespace Thalweg.Layers;

/// <summary>Networks to and from files: weights and description in one safetensors file.</summary>
/// <remarks>A network with the preprocessing of its data is a <see cref="TrainedModel"/>.</remarks>
public static class ModuleFile
{
    private const string Kind = "module";

    /// <summary>A name that occurs twice would only be found when a member is asked for.</summary>
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    extension(Module module)
    {
        /// <summary>Saves the network, its parameters and buffers and the description that <see cref="Module.Describe"/> gives, whole or
        /// not at all.</summary>
        /// <param name="path">The file to make or replace; its folder must exist.</param>
        /// <exception cref="ThalwegException">The network has no weights yet, does not describe itself, or the file cannot be written;
        /// what was there is untouched.</exception>
        public void Save(string path)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentException.ThrowIfNullOrEmpty(path);
            using JsonDocument architecture = JsonDocument.Parse(module.Describe().ToJsonString());
            SafetensorsWriter weights = new();
            ModuleState.Write(weights, module, name => name);
            ModuleDocument document = new() { Architecture = architecture.RootElement };
            CheckpointDocument.Write(weights, Kind, document, CheckpointDocument.Json.ModuleDocument);
            weights.Write(path);
        }
    }

    extension(Module)
    {
        /// <summary>Loads a network that <c>module.Save(path)</c> has saved, or that of a trained model, ready to predict; a trainer sets
        /// the mode by itself.</summary>
        /// <param name="path">Path of the file, or of the folder of a run.</param>
        /// <exception cref="ThalwegException">The file is missing, damaged, altered, neither a network nor a model, or of a newer form; or
        /// a layer type is not registered: see <see cref="LayerRegistry.Register"/>.</exception>
        public static Module Load(string path)
        {
            path = ModelFile.PathOf(path);
            SafetensorsFile file = SafetensorsFile.Read(path);
            JsonElement description = CheckpointDocument.KindOf(file) == ModelFile.Kind
                ? CheckpointDocument.Read(file, ModelFile.Kind, CheckpointDocument.Json.ModelDocument).Architecture
                : CheckpointDocument.Read(file, Kind, CheckpointDocument.Json.ModuleDocument).Architecture;
            return Build(description, file, path);
        }
    }

    /// <summary>The network of a description, with the weights of a file.</summary>
    internal static Module Build(JsonElement description, SafetensorsFile weights, string path)
    {
        if (JsonNode.Parse(description.GetRawText(), documentOptions: s_strict) is not JsonObject architecture)
            throw new ThalwegException($"{path}: expected an architecture in the header, got something else; the model file is damaged");
        Module module = Build(architecture, weights);
        ModuleState.Read(weights, module, path);
        module.SetTraining(false);
        return module;
    }

    private static Module Build(JsonObject architecture, SafetensorsFile weights)
    {
        using TensorBudget budget = TensorBudget.Begin(weights.Entries.Sum(entry => (long)entry.Count));
        return LayerRegistry.Build(architecture);
    }
}
