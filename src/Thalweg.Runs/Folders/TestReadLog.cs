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

    /// <summary>Writes a reading down. It comes before the reading itself, so that none goes uncounted.</summary>
    /// <param name="folder">Folder of the model.</param>
    /// <param name="reason">Why the test data are read.</param>
    /// <returns>How often they have been read, this time included.</returns>
    /// <exception cref="ThalwegException">The file cannot be written.</exception>
    public static int Add(string folder, string reason)
    {
        IReadOnlyList<TestRead> before = Load(folder);
        TestRead[] reads = [.. before, new TestRead(before.Count + 1, reason, DateTimeOffset.UtcNow)];
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, reads, TestReadJson.Default.TestReadArray));
        return reads.Length;
    }
}

/// <summary>The JSON code of the readings, generated at build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TestRead[]))]
internal sealed partial class TestReadJson : JsonSerializerContext;
