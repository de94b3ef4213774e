using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>Every reading of the test data of a model, in a file beside it.</summary>
public static class TestReadLog
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "test-reads.json";

    /// <summary>Readings so far, oldest first.</summary>
    /// <param name="folder">Folder of the model.</param>
    /// <exception cref="ThalwegException">The file is damaged.</exception>
    public static IReadOnlyList<TestRead> Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, TestReadJson.Default.TestReadArray) ?? [];
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException(
                $"{path}: cannot read how often the test data were read ({error.Message.ReplaceLineEndings(" ")}); put the file back",
                error);
        }
    }

    /// <summary>Writes a reading down, or replaces the one of the same <see cref="TestRead.Id"/>.</summary>
    /// <param name="folder">Folder of the model.</param>
    /// <param name="read">The reading; its number is set here.</param>
    /// <exception cref="ThalwegException">The file cannot be written.</exception>
    public static void Record(string folder, TestRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        List<TestRead> reads = [.. Load(folder)];
        int index = read.Id.Length == 0 ? -1 : reads.FindIndex(other => other.Id == read.Id);
        if (index < 0)
            reads.Add(read with { Number = reads.Count + 1 });
        else
            reads[index] = read with { Number = reads[index].Number };
        Save(folder, reads);
    }

    /// <summary>Moves the readings of a folder that is to be deleted to the folder above it, where they are found again.</summary>
    /// <param name="folder">The folder.</param>
    internal static void Keep(string folder)
    {
        IReadOnlyList<TestRead> reads = Load(folder);
        if (reads.Count == 0)
            return;
        string full = Path.GetFullPath(folder), above = Path.GetDirectoryName(full)!;
        IReadOnlyList<TestRead> kept = Load(above);
        TestRead[] added = [.. reads.Where(read => read.Id.Length > 0 && kept.All(other => other.Id != read.Id))];
        Save(above, [.. kept, .. added.Select((read, i) => read with { Number = kept.Count + i + 1, Run = read.Run ?? full })]);
    }

    private static void Save(string folder, IReadOnlyList<TestRead> reads)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, [.. reads], TestReadJson.Default.TestReadArray));
    }
}

/// <summary>The JSON code of the readings, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(TestRead[]))]
internal sealed partial class TestReadJson : JsonSerializerContext;
