using System.Globalization;
using System.Text;

namespace Thalweg.Checkpoints;

/// <summary>Makes the one-line errors about files; text that comes out of a file is shortened and stripped of control characters.</summary>
internal static class CheckpointError
{
    private const int LongestShown = 60;

    /// <summary>An error about a file.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="problem">What was expected and found.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="inner">The cause, if an exception was.</param>
    public static ThalwegException About(string source, string problem, string remedy, Exception? inner = null)
    {
        string message = $"[checkpoint] {source}: {problem}; {remedy}";
        return inner is null ? new ThalwegException(message) : new ThalwegException(message, inner);
    }

    /// <summary>An error about bytes that no correct writer produces.</summary>
    public static ThalwegException Damaged(string source, string problem, Exception? inner = null) =>
        About(source, problem, "the file is damaged or not a safetensors file: restore it from a copy or train again", inner);

    /// <summary>An error of the operating system.</summary>
    public static ThalwegException Failed(string source, string action, Exception inner) =>
        About(source, $"cannot {action} ({Shown(inner.Message)})", "check the path, the permissions and the free space", inner);

    /// <summary>Text from a file, safe to show: one line, at most 60 characters, in quotes.</summary>
    public static string Quoted(string text) => $"'{Shown(text, LongestShown)}'";

    /// <summary>Text of any length on one line.</summary>
    public static string Shown(string text, int longest = 400)
    {
        StringBuilder shown = new(Math.Min(text.Length, longest));
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, longest)))
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' ? '?' : letter);
        if (text.Length > longest)
            shown.Append("...");
        return shown.ToString();
    }

    /// <summary>A shape as `[64, 784]`.</summary>
    public static string Shape(ReadOnlySpan<int> shape)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < shape.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}{shape[i]}");
        return text.Append(']').ToString();
    }
}
