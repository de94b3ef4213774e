using System.Globalization;
using Thalweg.Data;

namespace Thalweg.Cli.Printing;

/// <summary>Writes predictions as CSV.</summary>
/// <param name="writer">Where they go.</param>
/// <param name="preprocessing">Names the classes, or the target.</param>
internal sealed class PredictionWriter(TextWriter writer, Preprocessing preprocessing)
{
    private readonly string[] _classes = [.. preprocessing.Target.ClassNames.Select(Quote)];

    /// <summary>Writes the first line: the name of the target, and for classes <c>p(A),p(B)</c> beside it.</summary>
    public void WriteHeader() => writer.WriteLine(preprocessing.Task.HasClasses
        ? $"{Quote(preprocessing.Target.Name)},{string.Join(',', preprocessing.Target.ClassNames.Select(name => Quote($"p({name})")))}"
        : Quote(preprocessing.Target.Name));

    /// <summary>Writes a line for each row.</summary>
    /// <param name="results">Probabilities of the classes of each row, or numbers.</param>
    public void Write(ReadOnlySpan<double> results)
    {
        if (!preprocessing.Task.HasClasses)
        {
            foreach (double value in results)
            {
                WriteNumber(value);
                writer.Write('\n');
            }

            return;
        }

        for (int start = 0; start < results.Length; start += _classes.Length)
            WriteClass(results.Slice(start, _classes.Length));
    }

    private void WriteClass(ReadOnlySpan<double> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
            best = probabilities[i] > probabilities[best] ? i : best;
        writer.Write(_classes[best]);
        foreach (double probability in probabilities)
        {
            writer.Write(',');
            WriteNumber(probability);
        }

        writer.Write('\n');
    }

    /// <summary>The shortest digits that read back to the same value.</summary>
    private void WriteNumber(double value)
    {
        Span<char> text = stackalloc char[32];
        _ = value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        writer.Write(text[..length]);
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",;\t\"\r\n#") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
