using System.Data.Common;
using System.Globalization;
using DbUp;
using Microsoft.Data.Sqlite;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>An index of runs in a file of SQLite, which several processes may use at once.</summary>
/// <remarks>Beside it lies a text with the folders that runs were seen in (<c>.folders</c>): a file that is lost or damaged is made anew
/// from them.</remarks>
public sealed class SqliteRunIndex : SqlRunIndex
{
    /// <summary>Seconds that a process waits for others that write.</summary>
    private const int PatienceSeconds = 60;

    private const int Corrupt = 11, NotADatabase = 26;

    private const string OtherTables = """
        SELECT count(*) FROM sqlite_master
        WHERE type = 'table' AND name NOT IN ('runs', 'run_values', 'run_tags', 'test_reads', 'SchemaVersions') AND name NOT LIKE 'sqlite_%'
        """;

    private readonly string _path;
    private readonly HashSet<string> _folders;
    private SqliteConnection _connection;

    private SqliteRunIndex(string path, SqliteConnection connection)
        : base(connection, SqlDialect.Sqlite) => (_path, _connection, _folders) = (path, connection, [.. FoldersOf(path)]);

    private enum State
    {
        Ready,
        Old,
        Missing,
        Damaged,
    }

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
            if (Connect(full, out SqliteConnection? ready) == State.Ready)
                return new SqliteRunIndex(full, ready!);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileLock one = FileLock.Take($"{full}.lock", TimeSpan.FromSeconds(PatienceSeconds));
            State state = Connect(full, out ready);
            if (state == State.Ready)
                return new SqliteRunIndex(full, ready!);
            SqliteRunIndex index = new(full, Make(full, state));
            if (state != State.Old)
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
        if (error is not SqliteException { SqliteErrorCode: Corrupt or NotADatabase })
            return null;
        _connection.Dispose();
        using FileLock one = FileLock.Take($"{_path}.lock", TimeSpan.FromSeconds(PatienceSeconds));

        // Another process may have made it anew meanwhile.
        if (Connect(_path, out SqliteConnection? ready) != State.Ready || !IsWhole(ready!))
        {
            ready?.Dispose();
            ready = Make(_path, State.Damaged);

            // Through an index of its own: this one is in the middle of an operation.
            SqliteRunIndex anew = new(_path, ready);
            RunIndexing.Rebuild(anew, anew._folders);
        }

        return _connection = ready!;
    }

    private static State Connect(string path, out SqliteConnection? ready)
    {
        ready = null;
        if (!File.Exists(path))
            return State.Missing;
        SqliteConnection connection = OpenFile(path, SqliteOpenMode.ReadWrite);
        try
        {
            connection.Open();

            // The index can be made anew: a commit need not wait for the disk.
            _ = Execute(connection, "PRAGMA synchronous = NORMAL");

            // 32 MiB in place of 2: the values of 10,000 runs.
            _ = Execute(connection, "PRAGMA cache_size = -32768");
            long version = (long)Execute(connection, "PRAGMA user_version")!;
            if (version > Migrations.Count)
                throw new ThalwegException($"[runs] {path}: expected an index of version {Migrations.Count}, found one of a newer version "
                    + $"({version}); update Thalweg, or choose another index");
            if (version == Migrations.Count)
            {
                ready = connection;
                return State.Ready;
            }

            connection.Dispose();
            return new FileInfo(path).Length == 0 ? State.Missing : State.Old;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            connection.Dispose();
            return State.Damaged;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file, or brings it to this version; what is damaged is kept under another name.</summary>
    private static SqliteConnection Make(string path, State state)
    {
        if (state == State.Damaged)
        {
            File.Move(path, $"{path}.damaged", overwrite: true);
            File.Delete($"{path}-wal");
            File.Delete($"{path}-shm");
        }

        using (SqliteConnection first = OpenFile(path, SqliteOpenMode.ReadWriteCreate))
        {
            first.Open();
            _ = Execute(first, "PRAGMA journal_mode = WAL");
            if (state == State.Old && Execute(first, OtherTables) is > 0L)
                throw new ThalwegException($"[runs] {path}: expected an index of runs, found a database of something else; "
                    + "choose another place, or none");
            Migrations.Run(DeployChanges.To.SqliteDatabase(first.ConnectionString), SqlDialect.Sqlite, path);
            _ = Execute(first, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}"));
        }

        return Connect(path, out SqliteConnection? ready) == State.Ready ? ready!
            : throw new IOException("the file changed while it was made");
    }

    private static SqliteConnection OpenFile(string path, SqliteOpenMode mode) => new(new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        ForeignKeys = true,
        Pooling = false,
        DefaultTimeout = PatienceSeconds,
    }.ToString());

    private static bool IsWhole(SqliteConnection connection)
    {
        try
        {
            return Execute(connection, "PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string FoldersPath(string path) => $"{path}.folders";

    private static string[] FoldersOf(string path) => File.Exists(FoldersPath(path))
        ? [.. File.ReadAllLines(FoldersPath(path)).Where(line => line.Length > 0)] : [];
}
