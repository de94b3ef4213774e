using System.Globalization;
using DbUp;
using Microsoft.Data.Sqlite;

namespace Thalweg.Storage;

/// <summary>What a file of SQLite is.</summary>
internal enum SqliteState
{
    Ready,
    Old,
    Missing,
    Damaged,
}

/// <summary>Opens, makes and updates files of SQLite.</summary>
internal static class SqliteFile
{
    /// <summary>Seconds that a process waits for others that write.</summary>
    public const int PatienceSeconds = 60;

    public const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, CannotOpen = 14, NotADatabase = 26;

    private const string OtherTables = """
        SELECT count(*) FROM sqlite_master
        WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN
            ('runs', 'run_values', 'run_tags', 'test_reads', 'studies', 'study_lines', 'study_workers', 'SchemaVersions')
        """;

    /// <summary>Connects to a file that has the tables of this version.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ready">The connection; null where there is none.</param>
    /// <param name="isDurable">Whether a commit waits for the disk; default not, because an index can be made anew.</param>
    public static SqliteState Connect(string path, out SqliteConnection? ready, bool isDurable = false)
    {
        ready = null;
        if (!File.Exists(path))
            return SqliteState.Missing;
        SqliteConnection connection = OpenFile(path, SqliteOpenMode.ReadWrite);
        try
        {
            connection.Open();

            // Waits that begin at a millisecond, in place of those of the library.
            _ = Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {PatienceSeconds * 1000}"));

            if (!isDurable)
                _ = Execute(connection, "PRAGMA synchronous = NORMAL");

            // 32 MiB in place of 2: the values of 10,000 runs.
            _ = Execute(connection, "PRAGMA cache_size = -32768");
            long version = (long)Execute(connection, "PRAGMA user_version")!;
            if (version > Migrations.Count)
            {
                throw new ThalwegException($"[runs] {path}: expected an index of version {Migrations.Count}, found one of a newer version "
                    + $"({version}); update Thalweg, or choose another index");
            }

            if (version == Migrations.Count)
            {
                ready = connection;
                return SqliteState.Ready;
            }

            connection.Dispose();
            return new FileInfo(path).Length == 0 ? SqliteState.Missing : SqliteState.Old;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            connection.Dispose();
            return SqliteState.Damaged;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file, or brings it to this version; what is damaged is kept under another name.</summary>
    public static SqliteConnection Make(string path, SqliteState state, bool isDurable = false)
    {
        if (state == SqliteState.Damaged)
        {
            File.Move(path, $"{path}.damaged", overwrite: true);
            File.Delete($"{path}-wal");
            File.Delete($"{path}-shm");
        }

        using (SqliteConnection first = OpenFile(path, SqliteOpenMode.ReadWriteCreate))
        {
            first.Open();
            _ = Execute(first, "PRAGMA journal_mode = WAL");
            if (state == SqliteState.Old && Execute(first, OtherTables) is > 0L)
            {
                throw new ThalwegException($"[runs] {path}: expected an index of runs, found a database of something else; "
                    + "choose another place, or none");
            }

            Migrations.Run(DeployChanges.To.SqliteDatabase(first.ConnectionString), SqlDialect.Sqlite, path);
            _ = Execute(first, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}"));
        }

        return Connect(path, out SqliteConnection? ready, isDurable) == SqliteState.Ready ? ready!
            : throw new IOException("the file changed while it was made");
    }

    /// <summary>Opens a connection that is no one's but the caller's.</summary>
    private static SqliteConnection OpenFile(string path, SqliteOpenMode mode) => new(new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        ForeignKeys = true,
        Pooling = false,
        DefaultTimeout = PatienceSeconds,
    }.ToString());

    /// <summary>The first value that a statement gives.</summary>
    public static object? Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
