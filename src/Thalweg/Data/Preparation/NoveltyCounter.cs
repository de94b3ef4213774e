namespace Thalweg.Data;

/// <summary>Rows of a column whose category training never saw.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Rows">Number of those rows so far.</param>
/// <param name="Examples">Up to three of the categories, as they are written, in order of appearance.</param>
public sealed record UnseenCategories(string Column, int Rows, IReadOnlyList<string> Examples);

/// <summary>Counts what new data hold and training data did not: other categories, and missing values where there were none.</summary>
internal sealed class NoveltyCounter
{
    private const int MostExamples = 3;

    private readonly Dictionary<string, (int Rows, List<string> Examples)> _unseen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _missing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CategoryIndex> _rare = new(StringComparer.Ordinal);

    /// <summary>Categories that training never saw, by column.</summary>
    public IReadOnlyList<UnseenCategories> Unseen =>
        [.. _unseen.Select(entry => new UnseenCategories(entry.Key, entry.Value.Rows, [.. entry.Value.Examples]))];

    /// <summary>What was counted, as notes.</summary>
    public IEnumerable<DataNote> Notes()
    {
        NoteList notes = new();
        foreach (UnseenCategories column in Unseen)
        {
            notes.Add("unseen", column.Column, $": {Rows(column.Rows)} a category that training never saw, such as "
                + string.Join(", ", column.Examples.Select(CellText.Quote)), "hold categories that training never saw", null);
        }

        foreach ((string column, int count) in _missing)
        {
            notes.Add(
                "missing", column, $": {Rows(count)} no value, which training always had", "lack values, which training always had", null);
        }

        return notes.ToList();
    }

    /// <summary>Counts missing values of a column that had none.</summary>
    public void CountMissing(string column, int count)
    {
        if (count > 0)
            _missing[column] = _missing.GetValueOrDefault(column) + count;
    }

    /// <summary>Counts the rows of categories that are not known.</summary>
    /// <param name="encoding">The column.</param>
    /// <param name="categories">Its rows.</param>
    /// <param name="slotOf">Place of each of their categories among the known ones; -1 where there is none.</param>
    public void CountUnseen(CategoricalEncoding encoding, TableColumn categories, int[] slotOf)
    {
        if (!slotOf.Contains(-1) || encoding.RareCategories is null)
            return;
        if (!_rare.TryGetValue(encoding.Name, out CategoryIndex? rare))
            _rare[encoding.Name] = rare = new CategoryIndex(encoding.RareCategories, encoding.AreNumbers);
        bool[] isUnseen = [.. slotOf.Select((slot, code) => slot < 0 && rare.Find(categories.Categories[code]) < 0)];
        int rows = categories.Codes!.Count(code => code >= 0 && isUnseen[code]);
        if (rows == 0)
            return;
        (int before, List<string> examples) = _unseen.GetValueOrDefault(encoding.Name, (0, []));
        examples.AddRange(categories.Categories.Where((category, code) => isUnseen[code] && !examples.Contains(category))
            .Take(MostExamples - examples.Count));
        _unseen[encoding.Name] = (before + rows, examples);
    }

    private static string Rows(int count) => count == 1 ? "1 row has" : FormattableString.Invariant($"{count:#,0} rows have");
}
