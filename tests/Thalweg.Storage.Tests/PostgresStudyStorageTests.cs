using Npgsql;
using Thalweg.Tuning;

namespace Thalweg.Storage.Tests;

public sealed class PostgresStudyStorageTests : StudyStorageTests
{
    /// <summary>Set by <c>.ci/with-postgres</c>.</summary>
    private const string Variable = "THALWEG_TEST_POSTGRES";

    private readonly string _name = $"thalweg_{Guid.NewGuid():N}";
    private readonly Lock _lock = new();
    private bool _isMade;

    public override void Dispose()
    {
        if (!_isMade)
            return;
        NpgsqlConnection.ClearAllPools();
        Administer($"DROP DATABASE {_name} WITH (FORCE)");
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_without_its_password()
    {
        ThalwegException error = Should.Throw<ThalwegException>(() => PostgresStudyStorage.Open(
            "postgresql://me:topsecret@localhost:1/studies?Timeout=2", "a"));
        error.Message.ShouldContain("localhost:1, database studies");
        error.ToString().ShouldNotContain("topsecret");
    }

    private protected override StudyStorage Open(string name) => PostgresStudyStorage.Open(Made(), name);

    private protected override IReadOnlyList<string> Names() => PostgresStudyStorage.NamesIn(Made());

    private string Made()
    {
        lock (_lock)
        {
            if (!_isMade)
            {
                Assert.SkipWhen(
                    Environment.GetEnvironmentVariable(Variable) is null, $"{Variable} is not set: .ci/with-postgres starts a server");
                Administer($"CREATE DATABASE {_name} TEMPLATE template0");
                _isMade = true;
            }
        }

        return new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Variable)!) { Database = _name }.ConnectionString;
    }

    private static void Administer(string sql)
    {
        using NpgsqlConnection connection = new(Environment.GetEnvironmentVariable(Variable)!);
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
