using DbUp.Builder;
using DbUp.Engine;

namespace Thalweg.Storage;

/// <summary>Brings a database to the tables of this version: numbered scripts, of which it remembers those that it has run.</summary>
internal static class Migrations
{
    /// <summary>Number of scripts.</summary>
    public static int Count { get; } = typeof(Migrations).Assembly.GetManifestResourceNames().Count(name => name.EndsWith(".sql",
        StringComparison.Ordinal));

    /// <summary>Runs the scripts that the database does not know.</summary>
    /// <param name="builder">Names the database.</param>
    /// <param name="dialect">The words of the database.</param>
    /// <param name="description">The database in words without a password.</param>
    /// <exception cref="ThalwegException">A newer version has made the tables, or a script fails.</exception>
    public static void Run(UpgradeEngineBuilder builder, SqlDialect dialect, string description)
    {
        builder.WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly)
            .WithVariables(dialect.Variables.ToDictionary(item => item.Key, item => item.Value))
            .WithTransactionPerScript();
        builder.LogToNowhere();
        UpgradeEngine engine = builder.Build();
        string[] known = [.. engine.GetDiscoveredScripts().Select(script => script.Name)];
        if (engine.GetExecutedScripts().FirstOrDefault(script => !known.Contains(script)) is { } newer)
        {
            throw new ThalwegException($"[runs] {description}: expected the tables of this version, found those of a newer one ({newer}); "
                + "update Thalweg, or choose another index");
        }

        if (!engine.IsUpgradeRequired())
            return;
        DatabaseUpgradeResult result = engine.PerformUpgrade();
        if (!result.Successful)
            throw result.Error;
    }
}
