using System.Globalization;

namespace Thalweg.Data;

/// <summary>Says what is to be known of how the cells of a text table were read.</summary>
internal static class TableNotes
{
    /// <summary>A stray word is one among at least this many numbers.</summary>
    private const int NumbersPerStray = 20;

    private const int MostWords = 6;

    /// <summary>The notes on a table.</summary>
    public static IEnumerable<DataNote> Of(TableLoader loader, TextLayout layout)
    {
        NoteList notes = new();
        notes.AddRange(layout.Notes);
        if (MarksNote(loader, layout.Names) is { } marks)
            notes.Add(marks);
        for (int i = 0; i < layout.Names.Length; i++)
        {
            if (!loader.Roles.Ignored.Contains(i))
                AddColumn(notes, layout.Names[i], loader.Facts[i], loader.Kinds[i]);
        }

        if (WordsNote(loader, layout.Names) is { } words)
            notes.Add(words);
        if (CategoriesNote(loader, layout.Names) is { } categories)
            notes.Add(categories);
        return notes.ToList();
    }

    private static void AddColumn(NoteList notes, string name, ColumnFacts facts, ColumnKind kind)
    {
        if (kind == ColumnKind.Text)
        {
            AddText(notes, name, facts);
            return;
        }

        if (kind == ColumnKind.Marked && facts.Sign == '\0' && (facts.Fits & 1) != 0)
        {
            notes.Add("sign", name, $": {facts.FirstMarked} counts as a negative number", "hold numbers with a minus in other places",
                nameof(DataOptions.CategoricalColumns));
        }

        if (kind == ColumnKind.Marked && facts.Sign != '\0')
        {
            notes.Add("sign", name, $": '{facts.Sign}' is passed over, as in {facts.FirstMarked}",
                $"hold numbers with the sign '{facts.Sign}', which is passed over", nameof(DataOptions.CategoricalColumns));
        }

        if (kind == ColumnKind.Date)
        {
            notes.Add("date", name, $" holds dates such as {facts.FirstDate}; they count as days since 1970-01-01",
                "hold dates, which count as days since 1970-01-01", nameof(DataOptions.IgnoredColumns));
        }

        if (facts.Infinite > 0)
            AddInfinite(notes, name, facts.Infinite, $" such as {facts.FirstInfinite}");
        if (facts.FirstRounded is { } rounded)
        {
            notes.Add("rounded", name, $": integers such as {rounded} are rounded to 53 bits",
                "hold integers that are rounded to 53 bits", nameof(DataOptions.CategoricalColumns));
        }
    }

    /// <summary>The notes on the cells of new data, whose kinds are known.</summary>
    public static IReadOnlyList<DataNote> OfNewCells(IReadOnlyList<ColumnBuilder> columns)
    {
        NoteList notes = new();
        foreach (ColumnBuilder column in columns)
        {
            if (column.Facts.Infinite > 0)
                AddInfinite(notes, column.Name, column.Facts.Infinite, $" such as {column.Facts.FirstInfinite}");
        }

        return notes.ToList();
    }

    /// <summary>Tells of infinite values.</summary>
    public static void AddInfinite(NoteList notes, string name, long count, string example) =>
        notes.Add("infinite", name, $": {Values(count)}{example} {(count == 1 ? "counts" : "count")} as missing",
            "hold infinite values, which count as missing", null);

    private static void AddText(NoteList notes, string name, ColumnFacts facts)
    {
        bool areDates = facts.Dates > facts.Numbers + facts.Marked;
        if (facts.FirstText is { } stray && Math.Max(facts.Dates, facts.Numbers + facts.Marked) >= NumbersPerStray * facts.Texts)
        {
            notes.Add("stray", name, $" counts as categories because of {stray}; all but a few of its cells are "
                + (areDates ? "dates" : "numbers"), $"count as categories because of a few words among {(areDates ? "dates" : "numbers")}",
                nameof(DataOptions.MissingWords));
        }
        else if (facts.Dates > 0 && facts.Texts == 0 && !DateOrders.TryChoose(facts.Orders, out _))
        {
            notes.Add("date", name, $" counts as text: the day and the month of dates such as {facts.FirstDate} cannot be distinguished; "
                + "write them as 2014-10-13", "hold dates whose day and month cannot be distinguished; they count as text", null);
        }
    }

    private static DataNote? MarksNote(TableLoader loader, string[] names)
    {
        NumberMarks marks = loader.Marks;
        int proof = Array.FindIndex(loader.Facts, facts => facts.Proof is not null);
        if (marks == NumberMarks.Plain || proof < 0)
            return null;
        string group = marks.Group is { } mark ? $" and groups of digits by '{mark}'" : "";
        return new DataNote("marks", $"numbers are read with the decimal mark '{marks.Decimal}'{group}, as in column "
            + $"{CellText.Quote(names[proof])}: {loader.Facts[proof].Proof}",
            marks.Group is null ? nameof(DataOptions.DecimalMark) : nameof(DataOptions.ThousandsMark));
    }

    /// <summary>The usual words that stood for missing values; what the user named is no news.</summary>
    private static DataNote? WordsNote(TableLoader loader, string[] names)
    {
        HashSet<string> specified = [.. loader.Specified];
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        List<string> columns = [];
        for (int i = 0; i < names.Length; i++)
        {
            KeyValuePair<string, long>[] words = loader.Kinds[i] == ColumnKind.Text || loader.Roles.Ignored.Contains(i)
                ? []
                : [.. loader.Facts[i].Words.Where(word => !specified.Contains(word.Key))];
            if (words.Length > 0)
                columns.Add(names[i]);
            foreach ((string word, long count) in words)
                counts[word] = counts.GetValueOrDefault(word) + count;
        }

        return columns.Count == 0 ? null : new DataNote(
            "missing", $"words that stand for missing values among numbers: {Counts(counts)}; in {NoteList.Names(columns)}",
            nameof(DataOptions.CategoricalColumns));
    }

    /// <summary>The usual words among texts, where they count as categories.</summary>
    private static DataNote? CategoriesNote(TableLoader loader, string[] names)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        List<string> columns = [];
        for (int i = 0; i < names.Length; i++)
        {
            if (loader.Kinds[i] != ColumnKind.Text || loader.Roles.Ignored.Contains(i))
                continue;
            TableColumn column = loader.Table.Column(i);
            int[] words = [.. Enumerable.Range(0, column.Categories.Length)
                .Where(code => MissingWords.IsUsual(System.Text.Encoding.UTF8.GetBytes(column.Categories[code])))];
            foreach (int word in words)
            {
                string text = column.Categories[word];
                counts[text] = counts.GetValueOrDefault(text) + column.Codes!.Count(code => code == word);
            }

            if (words.Length > 0)
                columns.Add(names[i]);
        }

        return columns.Count == 0 ? null : new DataNote(
            "missing", $"words that count as categories among texts, and might stand for missing values: {Counts(counts)}; in "
            + NoteList.Names(columns), nameof(DataOptions.MissingWords));
    }

    private static string Counts(Dictionary<string, long> counts)
    {
        string[] all = [.. counts.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => string.Create(CultureInfo.InvariantCulture, $"{CellText.Quote(word.Key)} ({word.Value:#,0})"))];
        return string.Join(", ", all.Take(MostWords)) + (all.Length > MostWords ? $" and {all.Length - MostWords} more" : "");
    }

    private static string Values(long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} infinite value{(count == 1 ? "" : "s")}");
}
