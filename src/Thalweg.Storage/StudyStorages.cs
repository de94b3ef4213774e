using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Tuning;

namespace Thalweg.Storage;

/// <summary>Where the study of a folder is kept, and under which name: the file <c>storage.json</c> of the folder, where it is no
/// journal.</summary>
/// <param name="Path">Path of a file of SQLite; null for PostgreSQL, whose connection comes from <see cref="StudyStorages.Variable"/>.</param>
/// <param name="Name">Name of the study there.</param>
public sealed record StudyPlace(string? Path, string Name);

/// <summary>Chooses and opens the storage of a study: a journal in its folder, a file of SQLite, or PostgreSQL.</summary>
public static class StudyStorages
{
    /// <summary>Environment variable with the connection string of PostgreSQL.</summary>
    public const string Variable = "THALWEG_STUDIES";

    /// <summary>Environment variable that names a file with the connection string.</summary>
    public const string FileVariable = "THALWEG_STUDIES_FILE";

    /// <summary>The word for PostgreSQL.</summary>
    public const string Postgres = "postgres";

    /// <summary>Name of the file that says where the study of a folder is kept.</summary>
    public const string PlaceName = "storage.json";

    /// <summary>Whether a folder has a study.</summary>
    /// <param name="folder">The folder.</param>
    public static bool Exists(string folder) =>
        File.Exists(Path.Combine(folder, JournalStorage.FileName)) || File.Exists(Path.Combine(folder, PlaceName));

    /// <summary>Opens the storage of the study of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ThalwegException">There is none, or the storage cannot be opened.</exception>
    public static StudyStorage Open(string folder)
    {
        if (!Exists(folder))
            throw new ThalwegException($"{folder}: expected the folder of a study, and there is no {JournalStorage.FileName}; check the path");
        return File.Exists(Path.Combine(folder, PlaceName)) ? Open(PlaceOf(folder)) : new JournalStorage(Path.Combine(folder, JournalStorage.FileName));
    }

    /// <summary>Makes the folder of a study, and opens the storage.</summary>
    /// <param name="folder">The folder; made if missing.</param>
    /// <param name="asked">Path of a file of SQLite, or <see cref="Postgres"/>; null (default) for a journal in the folder.</param>
    /// <param name="name">Name of the study in the database; null (default) for that of the folder.</param>
    /// <exception cref="ThalwegException">The folder or the storage cannot be made, or <paramref name="asked"/> is a connection
    /// string.</exception>
    public static StudyStorage Make(string folder, string? asked = null, string? name = null)
    {
        Runs.RunFolder.Create(folder);
        if (asked is null)
            return Open(folder, PlaceOrNull(folder));
        if (ConnectionText.IsConnection(asked))
        {
            throw new ThalwegException($"[study] expected the path of a file or {Postgres}, got a connection string: it may hold a password, and "
                + $"others see command lines; set {Variable} to it, or {FileVariable} to the path of a file that holds it");
        }

        StudyPlace place = new(asked == Postgres ? null : Path.GetFullPath(asked),
            name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
        StudyStorage storage = Open(place);
        AtomicFile.Write(Path.Combine(folder, PlaceName), stream => JsonSerializer.Serialize(stream, place, StudyPlaceJson.Default.StudyPlace));
        return storage;
    }

    private static StudyStorage Open(string folder, StudyPlace? place) =>
        place is null ? new JournalStorage(Path.Combine(folder, JournalStorage.FileName)) : Open(place);

    private static StudyStorage Open(StudyPlace place) => place.Path is { } path ? SqliteStudyStorage.Open(path, place.Name)
        : PostgresStudyStorage.Open(Connection(), place.Name);

    private static StudyPlace? PlaceOrNull(string folder) => File.Exists(Path.Combine(folder, PlaceName)) ? PlaceOf(folder) : null;

    private static StudyPlace PlaceOf(string folder)
    {
        string path = Path.Combine(folder, PlaceName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StudyPlaceJson.Default.StudyPlace)
                ?? throw new JsonException("expected an object, got null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{path}: cannot read where the study is kept ({error.Message.ReplaceLineEndings(" ")}); restore it from "
                + "a copy", error);
        }
    }

    private static string Connection()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value)
            return value;
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file)
        {
            throw new ThalwegException($"[study] expected the connection string of PostgreSQL in {Variable}, or the path of a file that holds it "
                + $"in {FileVariable}, found neither; set one");
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{FileVariable}: cannot read {file} ({error.Message}); correct the variable", error);
        }
    }
}

/// <summary>The JSON code of places, generated at build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyPlace))]
internal sealed partial class StudyPlaceJson : JsonSerializerContext;
