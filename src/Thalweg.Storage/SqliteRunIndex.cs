using System.Data.Common;
using Microsoft.Data.Sqlite;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>An index of runs in a file of SQLite, which several processes may use at once.</summary>
/// <remarks>Beside it lies a text with the folders that runs were seen in (<c>.folders</c>): a file that is lost or damaged is made anew
/// from them.</remarks>
public sealed class SqliteRunIndex : SqlRunIndex
{
    private readonly string _path;
    private readonly HashSet<string> _folders;
    private SqliteConnection _connection;

    private SqliteRunIndex(string path, SqliteConnection connection)
        : base(connection, SqlDialect.Sqlite) => (_path, _connection, _folders) = (path, connection, [.. FoldersOf(path)]);

    /// <inheritdoc/>
    public override string Description => _path;

    /// <summary>Opens an index, and makes it from the folders of the runs where it is missing or damaged.</summary>
    /// <param name="path">Path of the file; its folder is made.</param>
    /// <param name="roots">Folders under which runs are looked for where the index is made, beside those that runs were seen in.</param>
    /// <exception cref="ThalwegException">It cannot be made or read: choose another place.</exception>
    public static SqliteRunIndex Open(string path, params IReadOnlyList<string> roots)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        try
        {
            if (SqliteFile.Connect(full, out SqliteConnection? ready) == SqliteState.Ready)
                return new SqliteRunIndex(full, ready!);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileLock one = FileLock.Take($"{full}.lock", TimeSpan.FromSeconds(SqliteFile.PatienceSeconds));
            SqliteState state = SqliteFile.Connect(full, out ready);
            if (state == SqliteState.Ready)
                return new SqliteRunIndex(full, ready!);
            SqliteRunIndex index = new(full, SqliteFile.Make(full, state));
            if (state != SqliteState.Old)
                RunIndexing.Rebuild(index, roots.Concat(index._folders));
            return index;
        }
        catch (Exception error) when (IsOfDatabase(error))
        {
            throw new ThalwegException($"[runs] {full}: cannot use it as an index of runs ({error.Message.ReplaceLineEndings(" ")}); "
                + "choose another place, or none", error);
        }
    }

    /// <inheritdoc/>
    public override void Save(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        base.Save(run);
        if (Path.GetDirectoryName(run.Folder) is not { } above || !_folders.Add(above))
            return;
        try
        {
            File.AppendAllText(FoldersPath(_path), $"{above}\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run there tries again; the list only saves the user from naming the folder when the index is made anew.
            _folders.Remove(above);
        }
    }

    /// <inheritdoc/>
    private protected override DbConnection? Repair(DbException error)
    {
        if (error is not SqliteException { SqliteErrorCode: SqliteFile.Corrupt or SqliteFile.NotADatabase })
            return null;
        _connection.Dispose();
        using FileLock one = FileLock.Take($"{_path}.lock", TimeSpan.FromSeconds(SqliteFile.PatienceSeconds));

        // Another process may have made it anew meanwhile.
        if (SqliteFile.Connect(_path, out SqliteConnection? ready) != SqliteState.Ready || !IsWhole(ready!))
        {
            ready?.Dispose();
            ready = SqliteFile.Make(_path, SqliteState.Damaged);

            // Through an index of its own: this one is in the middle of an operation.
            SqliteRunIndex anew = new(_path, ready);
            RunIndexing.Rebuild(anew, anew._folders);
        }

        return _connection = ready!;
    }

    private static bool IsWhole(SqliteConnection connection)
    {
        try
        {
            return SqliteFile.Execute(connection, "PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static string FoldersPath(string path) => $"{path}.folders";

    private static string[] FoldersOf(string path) => File.Exists(FoldersPath(path))
        ? [.. File.ReadAllLines(FoldersPath(path)).Where(line => line.Length > 0)] : [];
}
