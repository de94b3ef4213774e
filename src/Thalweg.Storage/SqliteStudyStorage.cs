using Microsoft.Data.Sqlite;

namespace Thalweg.Storage;

/// <summary>Studies in a file of SQLite, which several processes of one machine may use at once.</summary>
public sealed class SqliteStudyStorage : SqlStudyStorage
{
    private readonly string _path;

    private SqliteStudyStorage(string path, string name, SqliteConnection connection)
        : base(connection, SqlDialect.Sqlite, name)
    {
        _path = path;
        Description = $"{path}, study {name}";
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Opens a study, and makes the file and its tables where they are missing.</summary>
    /// <param name="path">Path of the file; its folder is made.</param>
    /// <param name="name">Name of the study.</param>
    /// <exception cref="ThalwegException">The file cannot be made or read, is damaged, is something else or is of a newer
    /// version.</exception>
    public static SqliteStudyStorage Open(string path, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new SqliteStudyStorage(Path.GetFullPath(path), name, Connect(path));
    }

    /// <summary>The names of the studies that a file holds.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ThalwegException">As for <see cref="Open"/>.</exception>
    public static IReadOnlyList<string> NamesIn(string path)
    {
        using SqliteConnection connection = Connect(path);
        return NamesIn(connection);
    }

    /// <inheritdoc/>
    private protected override string RemedyOf(Exception error) => (error as SqliteException)?.SqliteErrorCode switch
    {
        SqliteFile.Busy or SqliteFile.Locked => $"another program has locked {_path} for {SqliteFile.PatienceSeconds} s: end it, or wait, and "
            + "resume the study",
        SqliteFile.ReadOnly => $"the file is read-only: allow writing to {_path} and its folder, and resume the study",
        SqliteFile.Corrupt or SqliteFile.NotADatabase => $"{_path} is damaged: restore it from a copy",
        _ => "make room, check the permissions, and resume the study",
    };

    private static SqliteConnection Connect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        try
        {
            SqliteState state = SqliteFile.Connect(full, out SqliteConnection? ready, isDurable: true);
            if (state == SqliteState.Ready)
                return ready!;
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileLock one = FileLock.Take($"{full}.lock", TimeSpan.FromSeconds(SqliteFile.PatienceSeconds));
            state = SqliteFile.Connect(full, out ready, isDurable: true);
            return state switch
            {
                SqliteState.Ready => ready!,
                SqliteState.Damaged => throw new ThalwegException($"[study] {full}: expected a file of SQLite, found one that is damaged or "
                    + "something else; restore it from a copy, or choose another place"),
                _ => SqliteFile.Make(full, state, isDurable: true),
            };
        }
        catch (Exception error) when (IsOfDatabase(error))
        {
            throw new ThalwegException($"[study] {full}: cannot keep a study there ({error.Message.ReplaceLineEndings(" ")}); allow writing, "
                + "or choose another place", error);
        }
    }
}
