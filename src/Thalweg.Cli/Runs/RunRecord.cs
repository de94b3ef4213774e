using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>What a run was asked for and what it has brought: the file <c>run.json</c> of its folder.</summary>
internal sealed record RunRecord
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "run.json";

    /// <summary>Version of the form; 1.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>"running" (a checkpoint), "interrupted", "finished" or "diverged".</summary>
    public required string Status { get; init; }

    /// <summary>The options, with the defaults filled in.</summary>
    public required TrainSettings Settings { get; init; }

    /// <summary>Whether the run ends with a reading of the test data.</summary>
    public bool OpensTest { get; init; }

    /// <summary>Digest of the preprocessing and the sizes of the parts: tells whether the data is still the same.</summary>
    public required string DataDigest { get; init; }

    /// <summary>The epochs so far.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>Time of training so far, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Figures on the test data, read at the end where that was asked for; else null.</summary>
    public Evaluation? Test { get; init; }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="directory">The run's folder.</param>
    public void Save(string directory) => AtomicFile.Write(
        Path.Combine(directory, FileName), stream => JsonSerializer.Serialize(stream, this, RunJson.Default.RunRecord));

    /// <summary>Reads the file.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <exception cref="ThalwegException">The file is missing, or is not a run's record.</exception>
    public static RunRecord Load(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            using FileStream stream = File.OpenRead(path);
            RunRecord? record = JsonSerializer.Deserialize(stream, RunJson.Default.RunRecord);
            return record is { FormatVersion: 1 }
                ? record
                : throw new ThalwegException($"{path}: written by a newer version; update to resume this run");
        }
        catch (JsonException error)
        {
            throw new ThalwegException(
                $"{path}: not the record of a run ({error.Message.ReplaceLineEndings(" ")}); start the run again with --force", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException(
                $"{path}: cannot read the record of the run ({error.Message}); there is nothing to resume in this folder", error);
        }
    }
}

/// <summary>The JSON code of the record, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(TrainSettings))]
internal sealed partial class RunJson : JsonSerializerContext;
