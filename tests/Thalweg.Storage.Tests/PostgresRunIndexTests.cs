using Npgsql;
using Thalweg.Runs;

namespace Thalweg.Storage.Tests;

public sealed class PostgresRunIndexTests : RunIndexTests
{
    /// <summary>Set by <c>.ci/with-postgres</c>.</summary>
    private const string Variable = "THALWEG_TEST_POSTGRES";

    private readonly string _name = $"thalweg_{Guid.NewGuid():N}";
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
        ThalwegException error = Should.Throw<ThalwegException>(() => PostgresRunIndex.Open(
            "postgresql://me:topsecret@localhost:1/runs?Timeout=2"));
        error.Message.ShouldContain("localhost:1, database runs");
        error.ToString().ShouldNotContain("topsecret");
        Should.Throw<ThalwegException>(() => PostgresRunIndex.Open("Host=x;Nonsense=topsecret")).ToString().ShouldNotContain("topsecret");
    }

    [Fact]
    public void The_tables_are_made_once_and_a_newer_version_is_refused()
    {
        using (IRunIndex index = Open())
            index.Save(Runs()[0]);
        using (IRunIndex index = Open())
        {
            index.Query(new RunQuery()).Count.ShouldBe(1);
            index.Description.ShouldNotContain("Username");
        }

        using (NpgsqlConnection connection = new(Connection(_name)))
        {
            connection.Open();
            using NpgsqlCommand command = new("INSERT INTO schemaversions (scriptname, applied) VALUES ('9999-x.sql', now())", connection);
            command.ExecuteNonQuery();
        }

        Should.Throw<ThalwegException>(() => Open()).Message.ShouldContain("newer one (9999-x.sql)");
    }

    private protected override IRunIndex Open()
    {
        if (!_isMade)
        {
            Assert.SkipWhen(
                Environment.GetEnvironmentVariable(Variable) is null, $"{Variable} is not set: .ci/with-postgres starts a server");

            // An order of texts that is not that of bytes: the tables must not depend on it.
            Administer($"CREATE DATABASE {_name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
            _isMade = true;
        }

        return PostgresRunIndex.Open(Connection(_name));
    }

    private static string Connection(string database) =>
        new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Variable)!) { Database = database }.ConnectionString;

    private static void Administer(string sql)
    {
        using NpgsqlConnection connection = new(Environment.GetEnvironmentVariable(Variable)!);
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
