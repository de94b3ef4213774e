using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>An index of runs in a database: what SQLite and PostgreSQL have in common. Safe to use from several threads.</summary>
public abstract class SqlRunIndex : IRunIndex
{
    private const int MostJoined = 20, MostNamed = 500;

    private readonly SqlDialect _dialect;
    private readonly Lock _lock = new();
    private DbConnection _connection;

    private protected SqlRunIndex(DbConnection connection, SqlDialect dialect) => (_connection, _dialect) = (connection, dialect);

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public bool KeepsReads => true;

    /// <inheritdoc/>
    public virtual void Save(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Do(transaction =>
        {
            long id = _connection.QuerySingle<long>(
                """
                INSERT INTO runs (host, folder, name, note, status, started, seconds, completed_epochs)
                VALUES (@Host, @Folder, @Name, @Note, @Status, @Started, @Seconds, @CompletedEpochs)
                ON CONFLICT (host, folder) DO UPDATE SET name = excluded.name, note = excluded.note, status = excluded.status,
                    started = excluded.started, seconds = excluded.seconds, completed_epochs = excluded.completed_epochs
                RETURNING id
                """,
                run, transaction);
            _connection.Execute("DELETE FROM run_values WHERE run_id = @id", new { id }, transaction);
            _connection.Execute("DELETE FROM run_tags WHERE run_id = @id", new { id }, transaction);
            SaveValues(id, run, transaction);
            foreach (string tag in run.Tags.Distinct())
                _connection.Execute("INSERT INTO run_tags (run_id, tag) VALUES (@id, @tag)", new { id, tag }, transaction);
            return 0;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<RunSummary> Query(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        RunField[]? fields = query.Fields is null ? null
            : [.. query.Fields.Where(field => field.Kind is RunFieldKind.Setting or RunFieldKind.Metric).Distinct()];

        // A table for each field is the fastest for few of them, and more than SQLite takes for many.
        bool readsAll = fields is null || fields.Length > MostJoined;
        return Do(transaction =>
        {
            // Figures that no run has are not looked up for each: most of those that a list may show.
            RunField[] joined = readsAll ? [] : Existing(fields!, transaction);
            SqlFilter filter = new(_dialect);
            string sql = filter.Select(query, joined);
            List<RunRow> rows = [];
            using (IDataReader reader = _connection.ExecuteReader(sql, filter.Parameters, transaction))
            {
                while (reader.Read())
                    rows.Add(new RunRow(reader, joined));
            }

            AddTags(rows, transaction);
            if (readsAll)
                AddValues(rows, fields, transaction);
            return rows.Select(row => row.ToSummary()).ToArray();
        });
    }

    /// <inheritdoc/>
    public void Remove(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Do(transaction => _connection.Execute(
            "DELETE FROM runs WHERE host = @Host AND folder = @Folder", new { run.Host, run.Folder }, transaction));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames() => Do(ReadMetricNames);

    /// <inheritdoc/>
    public void Record(TestRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Do(transaction => _connection.Execute(
            """
            INSERT INTO test_reads (id, fingerprint, samples, time, reason, run, model, metric, value)
            VALUES (@Id, @Fingerprint, @Samples, @Time, @Reason, @Run, @Model, @Metric, @Value)
            ON CONFLICT (id) DO UPDATE SET run = excluded.run, model = excluded.model, metric = excluded.metric, value = excluded.value
            """,
            new
            {
                read.Id,
                read.Fingerprint,
                read.Samples,
                Time = RunSummary.TextOf(read.Time),
                read.Reason,
                read.Run,
                read.Model,
                read.Metric,
                read.Value,
            },
            transaction));
    }

    /// <inheritdoc/>
    public IReadOnlyList<TestRead> ReadsOf(string fingerprint) => Do(transaction => _connection.Query<ReadRow>(
        "SELECT id, samples, time, reason, run, model, metric, value FROM test_reads WHERE fingerprint = @fingerprint ORDER BY time, id",
        new { fingerprint }, transaction).Select((row, i) => row.ToRead(i + 1, fingerprint)).ToArray());

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connection.</summary>
    /// <param name="disposing">Whether the caller disposes, and not the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _connection.Dispose();
    }

    /// <summary>Whether an error is one of the database, and not of the program.</summary>
    private protected static bool IsOfDatabase(Exception error) =>
        error is DbException or IOException or UnauthorizedAccessException or TimeoutException
        || (error is InvalidOperationException && error.Source is "Npgsql" or "Microsoft.Data.Sqlite");

    /// <summary>An error of the database in one line.</summary>
    private protected ThalwegException Failed(Exception error) => new(
        $"[runs] {Description}: {SecretText.Mask(error.Message.ReplaceLineEndings(" "))}; the index can be made anew from the folders of the runs, "
        + "and another location or none can be chosen for it", error);

    /// <summary>Makes a database anew whose file is damaged.</summary>
    /// <param name="error">What went wrong.</param>
    /// <returns>A connection to the new one; null where that is not the matter, or cannot be mended.</returns>
    private protected virtual DbConnection? Repair(DbException error) => null;

    private T Do<T>(Func<IDbTransaction, T> work)
    {
        lock (_lock)
        {
            try
            {
                return InTransaction(work);
            }
            catch (DbException error) when (Repair(error) is { } anew)
            {
                _connection = anew;
                return InTransaction(work);
            }
            catch (Exception error) when (IsOfDatabase(error))
            {
                throw Failed(error);
            }
        }
    }

    private T InTransaction<T>(Func<IDbTransaction, T> work)
    {
        // In SQLite this takes the lock for writing at once: a transaction that begins to read and then writes cannot wait.
        using DbTransaction transaction = _connection.BeginTransaction();
        T result = work(transaction);
        transaction.Commit();
        return result;
    }

    private string[] ReadMetricNames(IDbTransaction transaction) =>
        [.. _connection.Query<string>("SELECT DISTINCT key FROM run_values WHERE kind = 1 ORDER BY key", transaction: transaction)];

    private RunField[] Existing(RunField[] fields, IDbTransaction transaction)
    {
        string[] metrics = fields.Any(field => field.Kind == RunFieldKind.Metric) ? ReadMetricNames(transaction) : [];
        return [.. fields.Where(field => field.Kind == RunFieldKind.Setting || metrics.Contains(field.Key))];
    }

    private void AddTags(IReadOnlyList<RunRow> rows, IDbTransaction transaction)
    {
        Dictionary<long, RunRow> byId = rows.ToDictionary(row => row.Id);
        foreach (TagRow tag in ReadOf<TagRow>("SELECT run_id AS runId, tag FROM run_tags", byId.Keys, " ORDER BY tag", transaction))
        {
            if (byId.TryGetValue(tag.RunId, out RunRow? row))
                row.Tags.Add(tag.Tag);
        }
    }

    private void AddValues(IReadOnlyList<RunRow> rows, RunField[]? fields, IDbTransaction transaction)
    {
        Dictionary<long, RunRow> byId = rows.ToDictionary(row => row.Id);
        HashSet<(int, string)>? wanted = fields is null ? null : [.. fields.Select(field => (SqlFilter.Kind(field), field.Key))];
        const string Select = "SELECT run_id AS runId, kind, key, text, number FROM run_values";
        foreach (ValueRow value in ReadOf<ValueRow>(Select, byId.Keys, "", transaction))
        {
            if ((wanted?.Contains((value.Kind, value.Key)) ?? true) && byId.TryGetValue(value.RunId, out RunRow? row))
                row.Add(value.Kind, value.Key, value.Text, value.Number);
        }
    }

    /// <summary>The rows of a table that belong to some runs; of many runs the whole table, which is faster than a list of them.</summary>
    private IEnumerable<T> ReadOf<T>(string select, IReadOnlyCollection<long> runs, string order, IDbTransaction transaction) =>
        runs.Count > MostNamed
            ? _connection.Query<T>($"{select}{order}", transaction: transaction)
            : _connection.Query<T>($"{select} WHERE run_id {_dialect.OneOfIds}{order}", new { ids = runs.ToArray() }, transaction);

    private void SaveValues(long id, RunSummary run, IDbTransaction transaction)
    {
        (int Kind, string Key, string Text)[] values =
        [
            .. run.Settings.Select(item => (0, item.Key, item.Value)),
            .. run.Metrics.Select(item => (1, item.Key, item.Value.ToString("R", CultureInfo.InvariantCulture))),
        ];
        if (values.Length == 0)
            return;
        DynamicParameters parameters = new();
        parameters.Add("id", id);
        List<string> rows = [];
        for (int i = 0; i < values.Length; i++)
        {
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"(@id, {values[i].Kind}, @k{i}, @t{i}, @n{i})"));
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"k{i}"), values[i].Key);
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"t{i}"), values[i].Text);
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"n{i}"), RunFilter.NumberOf(values[i].Text), DbType.Double);
        }

        _connection.Execute(
            $"INSERT INTO run_values (run_id, kind, key, text, number) VALUES {string.Join(", ", rows)}", parameters, transaction);
    }
}
