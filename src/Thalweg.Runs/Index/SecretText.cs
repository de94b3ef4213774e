using System.Text.RegularExpressions;

namespace Thalweg.Runs;

/// <summary>Texts without the passwords and keys in them: what is printed or stored goes through here where it may hold some.</summary>
public static partial class SecretText
{
    private const string Hidden = "***";

    /// <summary>A text with passwords and keys masked: those of addresses (<c>user:password@host</c>), and the values of <c>password=</c>,
    /// <c>token=</c> and the like.</summary>
    /// <param name="text">The text; null gives null.</param>
    public static string? Mask(string? text) =>
        text is null ? null : Assignment().Replace(UserInfo().Replace(text, $"$1{Hidden}@"), $"$1{Hidden}");

    [GeneratedRegex(@"([a-z][a-z0-9+.\-]*://[^\s/:@]*:)[^\s@]*@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex(
        @"((?:password|passwd|pwd|passphrase|passfile|secret|token|api[\s_\-]?key|access[\s_\-]?key)\s*=\s*)"
            + @"(?:'[^']*'|""[^""]*""|[^;\s&]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
