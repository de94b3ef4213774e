using DbUp;
using Npgsql;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>An index of runs in PostgreSQL, which several machines may share.</summary>
public sealed class PostgresRunIndex : SqlRunIndex
{
    /// <summary>Key of the lock under which one process at a time makes the tables: "thalweg" in ASCII.</summary>
    private const long MigrationKey = 0x7468616C776567;

    private PostgresRunIndex(NpgsqlConnection connection, string description)
        : base(connection, SqlDialect.Postgres) => Description = description;

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Opens an index, and makes its tables where they are missing.</summary>
    /// <param name="connectionString">As Npgsql reads it (<c>Host=...;Database=...</c>), or an address (<c>postgresql://...</c>). It may
    /// hold a password, and is neither printed nor stored.</param>
    /// <exception cref="ThalwegException">It does not read, or the server cannot be reached or refuses.</exception>
    public static PostgresRunIndex Open(string connectionString)
    {
        NpgsqlConnection connection = Connect(connectionString, "an index of runs", out string description);
        return new PostgresRunIndex(connection, description);
    }

    /// <summary>Connects to a database, and makes the tables where they are missing.</summary>
    /// <param name="connectionString">As for <see cref="Open"/>.</param>
    /// <param name="use">What it is to be used as.</param>
    /// <param name="description">The database in words.</param>
    internal static NpgsqlConnection Connect(string connectionString, string use, out string description)
    {
        NpgsqlConnectionStringBuilder builder = ConnectionText.Parse(connectionString);
        description = ConnectionText.Describe(builder);
        NpgsqlConnection connection = new(builder.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"SELECT pg_advisory_lock({MigrationKey})");
            try
            {
                Migrations.Run(DeployChanges.To.PostgresqlDatabase(builder.ConnectionString), SqlDialect.Postgres, description);
            }
            finally
            {
                Execute(connection, $"SELECT pg_advisory_unlock({MigrationKey})");
            }

            return connection;
        }
        catch (Exception error)
        {
            connection.Dispose();
            if (!IsOfDatabase(error))
                throw;
            throw new ThalwegException($"[runs] {description}: cannot use it as {use} "
                + $"({SecretText.Mask(error.Message.ReplaceLineEndings(" "))}); check the connection, or choose another", error);
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
