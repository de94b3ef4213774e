namespace Thalweg.Checkpoints;

/// <summary>A trained model on disk: one safetensors file with the weights and a <see cref="ModelDocument"/>.</summary>
public sealed class ModelFile
{
    /// <summary>The usual file name.</summary>
    public const string FileName = "model.safetensors";

    internal const string Kind = "model";

    private ModelFile(ModelDocument document, SafetensorsFile weights) => (Document, Weights) = (document, weights);

    /// <summary>How to build the network and prepare its data.</summary>
    public ModelDocument Document { get; }

    /// <summary>The weights and other persistent tensors, by parameter name.</summary>
    public SafetensorsFile Weights { get; }

    /// <summary>Saves a model, whole or not at all.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="document">What belongs to the weights.</param>
    /// <param name="weights">The weights, by parameter name; the document is added to its metadata.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public static void Save(string path, ModelDocument document, SafetensorsWriter weights)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(weights);
        CheckpointDocument.Write(weights, Kind, document, CheckpointDocument.Json.ModelDocument);
        weights.Write(path);
    }

    /// <summary>The file that somebody means who names a model: a file itself, or <see cref="FileName"/> in the folder of a run.</summary>
    /// <param name="path">Path of a file or a folder.</param>
    /// <returns>Path of a file that exists.</returns>
    /// <exception cref="ThalwegException">There is no such file or folder, or no model in the folder.</exception>
    public static string PathOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            return path;
        }

        string file = Path.Combine(path, FileName);
        return File.Exists(file) ? file
            : Directory.Exists(path)
                ? throw CheckpointError.About(path, $"expected {FileName} in the folder, found none",
                    "give the folder of a run that has saved a model, or the model file")
                : throw CheckpointError.About(path, "there is no such model", "give the file of a saved model, or the folder of a run");
    }

    /// <summary>Loads a model.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged, altered, not a Thalweg model, or of a newer form.</exception>
    public static ModelFile Load(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        return new ModelFile(CheckpointDocument.Read(file, Kind, CheckpointDocument.Json.ModelDocument), file);
    }
}
