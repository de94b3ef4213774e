namespace Thalweg.Data;

/// <summary>Turns notes into errors, for <see cref="DataOptions.Strict"/>.</summary>
internal static class StrictReading
{
    /// <summary>Refuses the first of some notes.</summary>
    /// <param name="location">File.</param>
    /// <param name="notes">What is to be known of its reading.</param>
    /// <exception cref="ThalwegException">There is a note.</exception>
    public static void Check(string location, IReadOnlyList<DataNote> notes)
    {
        if (notes.Count == 0)
            return;
        string more = notes.Count == 1 ? "" : $" ({notes.Count - 1} more note{(notes.Count == 2 ? "" : "s")})";
        string option = notes[0].Option is { } name ? $"settle it with DataOptions.{name}, or " : "fix the data, or ";
        throw new ThalwegException(
            $"{location}: {notes[0].Text}{more}; DataOptions.Strict makes every note an error: {option}read without it");
    }
}
