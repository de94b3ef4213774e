namespace Thalweg.Data;

/// <summary>Collects notes; what many columns have in common becomes one note.</summary>
internal sealed class NoteList
{
    /// <summary>Columns up to which each has a note of its own.</summary>
    private const int MostAlike = 5;

    private const int MostNames = 5;

    private readonly List<(DataNote Note, string Column, string Common)> _notes = [];

    /// <summary>The notes, in the order in which they were found.</summary>
    public IReadOnlyList<DataNote> ToList()
    {
        List<DataNote> notes = [];
        foreach (IGrouping<(string, string), (DataNote Note, string Column, string Common)> alike in _notes.GroupBy(Key))
        {
            (DataNote Note, string Column, string Common)[] all = [.. alike];
            if (all.Length <= MostAlike)
                notes.AddRange(all.Select(entry => entry.Note));
            else
                notes.Add(all[0].Note with { Text = Together(all[0].Common, [.. all.Select(entry => entry.Column)]) });
        }

        return notes;

        // Notes without a column stand for themselves.
        static (string Kind, string Alike) Key((DataNote Note, string Column, string Common) entry) =>
            entry.Column.Length == 0 ? (entry.Note.Kind, entry.Note.Text) : (entry.Note.Kind, "\n" + entry.Common);
    }

    private static string Together(string common, string[] columns) =>
        FormattableString.Invariant($"{columns.Length:#,0} columns {common}: {Names(columns)}");

    /// <summary>Takes notes of their own.</summary>
    public void AddRange(IEnumerable<DataNote> notes)
    {
        foreach (DataNote note in notes)
            Add(note);
    }

    /// <summary>Takes a note of its own.</summary>
    public void Add(DataNote note) => _notes.Add((note, "", ""));

    /// <summary>Takes a note on a column.</summary>
    /// <param name="kind">As in <see cref="DataNote.Kind"/>.</param>
    /// <param name="column">Name of the column.</param>
    /// <param name="text">What is to be known of it, behind "column 'x'".</param>
    /// <param name="common">The same of several columns, behind "7 columns".</param>
    /// <param name="option">As in <see cref="DataNote.Option"/>.</param>
    public void Add(string kind, string column, string text, string common, string? option) =>
        _notes.Add((new DataNote(kind, $"column {CellText.Quote(column)}{text}", option), column, common));

    /// <summary>Some names, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(CellText.Quote))
        + (names.Count > MostNames ? FormattableString.Invariant($" and {names.Count - MostNames:#,0} more") : "");
}
