using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>Chooses and opens the index of runs: a file of SQLite in the user's data folder, another place, or none.</summary>
public static class RunIndexes
{
    /// <summary>Environment variable that names the index: the path of a file, a connection string of PostgreSQL, or none.</summary>
    public const string Variable = "THALWEG_INDEX";

    /// <summary>Environment variable that names a file with the connection string.</summary>
    public const string FileVariable = "THALWEG_INDEX_FILE";

    /// <summary>The word for no index: runs are found by a scan of the folders.</summary>
    public const string None = "none";

    private const string FileName = "runs.db";

    /// <summary>The file in the user's data folder; null where the user has none.</summary>
    public static string? DefaultPath =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } data ? Path.Combine(data, "thalweg", FileName) : null;

    /// <summary>Opens an index.</summary>
    /// <param name="asked">Path of a file, or none; null (default) for what the environment variables say, else for
    /// <see cref="DefaultPath"/>. No connection string: those come by environment variable or file, since others see command lines.</param>
    /// <param name="roots">Folders under which runs lie; null (default) for <see cref="RunFolders.Default"/>.</param>
    /// <exception cref="ThalwegException">The index cannot be used, or <paramref name="asked"/> is a connection string.</exception>
    public static IRunIndex Open(string? asked = null, IReadOnlyList<string>? roots = null)
    {
        roots ??= [RunFolders.Default];
        RefuseConnection(asked);
        string? chosen = asked ?? Variables() ?? DefaultPath;
        return chosen is null or None ? new FolderIndex([.. roots])
            : ConnectionText.IsConnection(chosen) ? PostgresRunIndex.Open(chosen)
            : SqliteRunIndex.Open(chosen, roots);
    }

    /// <summary>An index that is opened when it is first used, for a run that must not wait for it, nor fail with it.</summary>
    /// <param name="asked">As for <see cref="Open"/>.</param>
    /// <param name="folder">Folder of the run or model, beside which others are looked for; null for none.</param>
    /// <exception cref="ThalwegException"><paramref name="asked"/> is a connection string.</exception>
    public static IRunIndex OpenWhenUsed(string? asked = null, string? folder = null)
    {
        RefuseConnection(asked);
        FolderIndex scan = new([RunFolders.Default, .. folder is null ? [] : RunFolders.Beside(folder)]);
        return new DeferredRunIndex(() => Open(asked), asked ?? "the index of runs", scan);
    }

    private static void RefuseConnection(string? asked)
    {
        if (asked is not null && ConnectionText.IsConnection(asked))
        {
            throw new ThalwegException("[runs] expected the path of an index, or none, got a connection string: it may hold a password, "
                + $"and others see command lines; set {Variable} to it, or {FileVariable} to the path of a file that holds it");
        }
    }

    private static string? Variables()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value)
            return value;
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file)
            return null;
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text
                : throw new ThalwegException($"{FileVariable}: expected a connection string in {file}, found nothing; write it there");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{FileVariable}: cannot read {file} ({error.Message}); correct the variable", error);
        }
    }
}
