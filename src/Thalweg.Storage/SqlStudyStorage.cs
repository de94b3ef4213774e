using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Storage;

/// <summary>A study in a database: what SQLite and PostgreSQL have in common. A database holds any number of studies, each by its
/// name.</summary>
public abstract class SqlStudyStorage : StudyStorage
{
    private readonly SqlDialect _dialect;
    private readonly DbConnection _connection;
    private readonly string _name;
    private readonly Lock _lock = new();
    private long? _id;

    private protected SqlStudyStorage(DbConnection connection, SqlDialect dialect, string name) =>
        (_connection, _dialect, _name) = (connection, dialect, name);

    /// <inheritdoc/>
    public override StudyLines Read(long position) => Do(() =>
        FindId(null) is null ? new StudyLines([], 0) : ReadAfter(position, null));

    /// <inheritdoc/>
    public override StudyLines Update(long position, Func<IReadOnlyList<string>, IReadOnlyList<string>> append)
    {
        ArgumentNullException.ThrowIfNull(append);
        return Do(() =>
        {
            _ = MakeId();

            // In SQLite this takes the lock for writing at once; in PostgreSQL the row of the study is the lock.
            using DbTransaction transaction = _connection.BeginTransaction();
            _ = _connection.ExecuteScalar($"SELECT id FROM studies WHERE id = @id{_dialect.ForUpdate}", new { id = _id }, transaction);
            StudyLines known = ReadAfter(position, transaction);
            IReadOnlyList<string> added = append(known.Lines);
            for (int i = 0; i < added.Count; i++)
            {
                _connection.Execute(
                    "INSERT INTO study_lines (study_id, position, line) VALUES (@id, @position, @line)",
                    new { id = _id, position = known.Position + i + 1, line = added[i] }, transaction);
            }

            transaction.Commit();
            return new StudyLines([.. known.Lines, .. added], known.Position + added.Count);
        });
    }

    /// <inheritdoc/>
    public override void Beat(string worker) => Do(() =>
    {
        long id = MakeId();
        return _connection.Execute(
            $"""
            INSERT INTO study_workers (study_id, worker, beat) VALUES (@id, @worker, {_dialect.Now})
            ON CONFLICT (study_id, worker) DO UPDATE SET beat = excluded.beat
            """,
            new { id, worker });
    });

    /// <inheritdoc/>
    public override TimeSpan? SilenceOf(string worker) => Do(() =>
    {
        if (FindId(null) is not { } id)
            return (TimeSpan?)null;
        string sql = $"SELECT {_dialect.Now} - beat FROM study_workers WHERE study_id = @id AND worker = @worker";
        object? seconds = _connection.ExecuteScalar(sql, new { id, worker });
        return seconds is null ? null : TimeSpan.FromSeconds(Convert.ToDouble(seconds, CultureInfo.InvariantCulture));
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _connection.Dispose();
    }

    /// <summary>The names of all studies of a database.</summary>
    private protected static IReadOnlyList<string> NamesIn(DbConnection connection) =>
        [.. connection.Query<string>("SELECT name FROM studies ORDER BY name")];

    /// <summary>Whether an error is one of the database, and not of the program.</summary>
    private protected static bool IsOfDatabase(Exception error) =>
        error is DbException or IOException or UnauthorizedAccessException or TimeoutException
        || (error is InvalidOperationException && error.Source is "Npgsql" or "Microsoft.Data.Sqlite");

    /// <summary>What to do about an error of the database.</summary>
    private protected virtual string RemedyOf(Exception error) => "check the connection, and resume the study";

    private StudyLines ReadAfter(long position, IDbTransaction? transaction)
    {
        LineRow[] rows = [.. _connection.Query<LineRow>(
            "SELECT position, line FROM study_lines WHERE study_id = @id AND position > @position ORDER BY position",
            new { id = _id, position }, transaction)];
        return new StudyLines([.. rows.Select(row => row.Line)], rows.Length == 0 ? position : rows[^1].Position);
    }

    private long? FindId(IDbTransaction? transaction) =>
        _id ??= _connection.QueryFirstOrDefault<long?>("SELECT id FROM studies WHERE name = @name", new { name = _name }, transaction);

    private long MakeId()
    {
        if (FindId(null) is { } known)
            return known;
        _connection.Execute("INSERT INTO studies (name) VALUES (@name) ON CONFLICT (name) DO NOTHING", new { name = _name });
        return FindId(null)!.Value;
    }

    private T Do<T>(Func<T> work)
    {
        lock (_lock)
        {
            try
            {
                return work();
            }
            catch (Exception error) when (IsOfDatabase(error))
            {
                throw new ThalwegException(
                    $"[study] {Description}: {SecretText.Mask(error.Message.ReplaceLineEndings(" "))}; {RemedyOf(error)}", error);
            }
        }
    }

    /// <summary>A line with its position.</summary>
    private sealed class LineRow
    {
        public long Position { get; init; }

        public string Line { get; init; } = "";
    }
}
