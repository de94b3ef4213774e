namespace Thalweg.Storage;

/// <summary>What SQLite and PostgreSQL say in different words.</summary>
/// <param name="Variables">Types in the scripts of the migrations.</param>
/// <param name="Find">Function that gives the position of a text in another, from 1; 0 where it is not there.</param>
/// <param name="OneOfIds">Condition that an id is one of the parameter <c>ids</c>, an array, as Dapper passes it.</param>
/// <param name="Now">Time of the database in seconds.</param>
internal sealed record SqlDialect(IReadOnlyDictionary<string, string> Variables, string Find, string OneOfIds, string Now)
{
    /// <summary>What locks a row for the rest of a transaction; SQLite has one writer anyway.</summary>
    public string ForUpdate { get; init; } = "";

    /// <summary>The values of a run lie side by side: a list of 10,000 runs looks tens of thousands of them up.</summary>
    public static SqlDialect Sqlite { get; } = new(
        new Dictionary<string, string>
        {
            ["identity"] = "INTEGER PRIMARY KEY",
            ["text"] = "TEXT",
            ["double"] = "REAL",
            ["clustered"] = "WITHOUT ROWID",
        },
        "instr", "IN @ids", "(julianday('now') - 2440587.5) * 86400.0");

    /// <summary>Texts in the order of their bytes, as SQLite has them.</summary>
    public static SqlDialect Postgres { get; } = new(
        new Dictionary<string, string>
        {
            ["identity"] = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            ["text"] = "text COLLATE \"C\"",
            ["double"] = "double precision",
            ["clustered"] = "",
        },
        "strpos", "= ANY(@ids)", "extract(epoch FROM clock_timestamp())::double precision")
    {
        ForUpdate = " FOR UPDATE",
    };
}
