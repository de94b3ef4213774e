using System.Text;

namespace Thalweg.Checkpoints;

/// <summary>The state of a training run on disk, in a safetensors file beside the model: what is needed to resume exactly.</summary>
/// <remarks>It holds the current weights as well, because the model file holds the best ones, and because two files cannot be replaced in
/// one atomic step. Tensors are named by <see cref="Weight"/>, <see cref="Best"/> and <see cref="Slot"/>.</remarks>
public sealed class TrainingFile
{
    /// <summary>The usual file name.</summary>
    public const string FileName = "training.safetensors";

    private const string Kind = "training";

    private TrainingFile(TrainingDocument document, SafetensorsFile tensors) => (Document, Tensors) = (document, tensors);

    /// <summary>Where the run stands.</summary>
    public TrainingDocument Document { get; }

    /// <summary>Weights, best weights and optimizer slots.</summary>
    public SafetensorsFile Tensors { get; }

    /// <summary>The name of a parameter's current values.</summary>
    /// <param name="parameter">The parameter's name.</param>
    public static string Weight(string parameter) => $"weights/{parameter}";

    /// <summary>The name of a parameter's values in the best epoch.</summary>
    /// <param name="parameter">The parameter's name.</param>
    public static string Best(string parameter) => $"best/{parameter}";

    /// <summary>The name of an optimizer's slot for a parameter.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="slot">The slot's name, unique in the optimizer.</param>
    public static string Slot(string parameter, string slot) => $"slots/{parameter}/{slot}";

    /// <summary>The name of a text of the caller, whose UTF-8 bytes are a tensor: it may be longer than a header.</summary>
    /// <param name="note">The text's name.</param>
    public static string Note(string note) => $"notes/{note}";

    /// <summary>The name of a tensor in the rollback point.</summary>
    /// <param name="tensor">The tensor's name in the current state.</param>
    public static string Point(string tensor) => $"point/{tensor}";

    /// <summary>Saves the state, whole or not at all.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="document">Where the run stands.</param>
    /// <param name="tensors">The tensors; the document is added to their metadata.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public static void Save(string path, TrainingDocument document, SafetensorsWriter tensors)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(tensors);
        CheckpointDocument.Write(tensors, Kind, document, CheckpointDocument.Json.TrainingDocument);
        tensors.WriteBeside(path);
    }

    /// <summary>Adds texts of the caller.</summary>
    /// <param name="tensors">Where they go.</param>
    /// <param name="notes">The texts by name; null for none.</param>
    public static void AddNotes(SafetensorsWriter tensors, IReadOnlyDictionary<string, string>? notes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach ((string name, string text) in notes ?? new Dictionary<string, string>())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            tensors.Add<byte>(Note(name), [bytes.Length], bytes);
        }
    }

    /// <summary>A text that was saved with the state.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The text; null where there is none.</returns>
    public string? FindNote(string name) =>
        Tensors.TryGet(Note(name), out SafetensorsEntry? entry) ? Encoding.UTF8.GetString(entry.Bytes) : null;

    /// <summary>Loads the state.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged, altered, not a training state, or of a newer form.</exception>
    public static TrainingFile Load(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        return new TrainingFile(CheckpointDocument.Read(file, Kind, CheckpointDocument.Json.TrainingDocument), file);
    }
}
