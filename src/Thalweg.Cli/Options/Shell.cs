namespace Thalweg.Cli.Options;

/// <summary>Words as a shell reads them.</summary>
internal static class Shell
{
    private const string PlainSigns = "-_./:,=+~";

    /// <summary>A word in quotes where it needs them.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || PlainSigns.Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
