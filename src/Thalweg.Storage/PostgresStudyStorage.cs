using Npgsql;

namespace Thalweg.Storage;

/// <summary>Studies in PostgreSQL, which several machines may work on; the folders of the trials lie where all of them reach them.</summary>
public sealed class PostgresStudyStorage : SqlStudyStorage
{
    private PostgresStudyStorage(NpgsqlConnection connection, string description, string name)
        : base(connection, SqlDialect.Postgres, name) => Description = $"{description}, study {name}";

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Opens a study, and makes the tables where they are missing.</summary>
    /// <param name="connectionString">As for <see cref="PostgresRunIndex.Open"/>; it is neither printed nor stored.</param>
    /// <param name="name">Name of the study.</param>
    /// <exception cref="ThalwegException">The text does not read, or the server cannot be reached or refuses.</exception>
    public static PostgresStudyStorage Open(string connectionString, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        NpgsqlConnection connection = PostgresRunIndex.Connect(connectionString, "a storage of studies", out string description);
        return new PostgresStudyStorage(connection, description, name);
    }

    /// <summary>The names of the studies that a database holds.</summary>
    /// <param name="connectionString">As for <see cref="Open"/>.</param>
    /// <exception cref="ThalwegException">As for <see cref="Open"/>.</exception>
    public static IReadOnlyList<string> NamesIn(string connectionString)
    {
        using NpgsqlConnection connection = PostgresRunIndex.Connect(connectionString, "a storage of studies", out _);
        return NamesIn(connection);
    }
}
