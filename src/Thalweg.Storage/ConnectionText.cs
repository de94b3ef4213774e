using Npgsql;

namespace Thalweg.Storage;

/// <summary>Connection strings of PostgreSQL: read, and described without what is secret in them.</summary>
public static class ConnectionText
{
    private static readonly string[] s_schemes = ["postgres", "postgresql"];

    /// <summary>Whether a text is a connection string, and not a path.</summary>
    /// <param name="text">The text.</param>
    public static bool IsConnection(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsAddress(text) || text.Split(';').Any(part => part.Split('=') is [var key, _, ..]
            && key.Trim().ToLowerInvariant() is "host" or "server" or "database" or "password" or "pwd" or "username" or "user id");
    }

    /// <summary>Server and database, without user and password.</summary>
    internal static string Describe(NpgsqlConnectionStringBuilder builder) =>
        $"PostgreSQL, {builder.Host}:{builder.Port}, database {builder.Database ?? builder.Username ?? "of the user"}";

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="ThalwegException">It does not read; the message does not repeat it.</exception>
    internal static NpgsqlConnectionStringBuilder Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        try
        {
            NpgsqlConnectionStringBuilder builder = IsAddress(text) ? FromAddress(new Uri(text.Trim())) : new(text.Trim());

            // A server that is not there is said within seconds, and not after the many of the default.
            if (!builder.ContainsKey("Timeout"))
                builder.Timeout = 5;
            return builder;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The error of Npgsql may repeat parts of the text: it is not passed on.
            throw new ThalwegException("[runs] expected a connection string of PostgreSQL, as in Host=localhost;Database=runs;Username=me, "
                + "got something else; correct it where it is set");
        }
    }

    private static bool IsAddress(string text) =>
        s_schemes.Any(scheme => text.TrimStart().StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));

    private static NpgsqlConnectionStringBuilder FromAddress(Uri address)
    {
        string[] user = address.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder builder = new() { Host = address.Host };
        if (address.Port > 0)
            builder.Port = address.Port;
        if (address.AbsolutePath.Length > 1)
            builder.Database = Uri.UnescapeDataString(address.AbsolutePath[1..]);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (string part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            builder[pair[0] == "sslmode" ? "SSL Mode" : pair[0]] = Uri.UnescapeDataString(pair[^1]);
        }

        return builder;
    }
}
