namespace Thalweg.Data;

/// <summary>Which columns of new data are which of the training data.</summary>
/// <param name="Places">Position in the new data of each column of the preprocessing; -1 for dropped ones that are absent.</param>
/// <param name="Target">Position of the target; -1 where it is absent.</param>
/// <param name="Ignored">Names of columns that the training data did not have.</param>
internal sealed record ColumnMatch(int[] Places, int Target, string[] Ignored)
{
    private const int MostNames = 20;

    /// <summary>What is to be known of the match.</summary>
    public IReadOnlyList<DataNote> Notes { get; init; } = [];

    /// <summary>Matches by name where both sides have names, else by position.</summary>
    /// <exception cref="ThalwegException">Columns are missing: they are named.</exception>
    public static ColumnMatch Find(string place, Preprocessing preprocessing, string[] names, bool isNamed, bool requireTarget)
    {
        ColumnMatch match = isNamed && preprocessing.HasColumnNames
            ? FindByName(place, preprocessing, names)
            : FindByPosition(place, preprocessing, names.Length);
        if (requireTarget && match.Target < 0)
        {
            throw new ThalwegException($"{place}: the target column '{preprocessing.Target.Name}' is missing; "
                + "evaluation needs it (prediction does not)");
        }

        return requireTarget ? match : match with { Target = -1 };
    }

    /// <summary>How each column of the new data is to be read.</summary>
    public ColumnReading[] Readings(Preprocessing preprocessing, int columnCount, NumberMarks marks)
    {
        bool isFirstVersion = preprocessing.Version == 1;
        ColumnReading[] readings = new ColumnReading[columnCount];
        Array.Fill(readings, ColumnReading.Skip);
        for (int i = 0; i < Places.Length; i++)
        {
            if (ReadingOf(preprocessing.Columns![i], marks, isFirstVersion) is { } reading)
                readings[Places[i]] = reading;
        }

        if (Target >= 0)
        {
            readings[Target] = !preprocessing.Task.HasClasses
                ? ColumnReading.Numbers(marks)
                : ColumnReading.Texts with { AreNumbers = preprocessing.Target.AreNumbers && !isFirstVersion };
        }

        return readings;
    }

    /// <summary>How the cells of a column are read; null for one that is dropped.</summary>
    public static ColumnReading? ReadingOf(ColumnEncoding column, NumberMarks marks, bool isFirstVersion) => column switch
    {
        NumericEncoding { Dates: { } order } => ColumnReading.Dates(order),
        NumericEncoding => ColumnReading.Numbers(marks),
        CategoricalEncoding category => ColumnReading.Texts with { AreNumbers = category.AreNumbers && !isFirstVersion },
        _ => null,
    };

    private static ColumnMatch FindByName(string place, Preprocessing preprocessing, string[] names)
    {
        NoteList notes = new();
        string[] wanted = [.. preprocessing.Columns!.Select(column => column.Name), preprocessing.Target.Name];
        int[] found = FindNames(wanted, names, notes);
        string[] missing = [.. preprocessing.Columns!
            .Where((column, i) => found[i] < 0 && column is not DroppedColumn).Select(column => $"'{column.Name}'")];
        if (missing.Length > 0)
        {
            throw new ThalwegException($"{place}: {(missing.Length == 1 ? "the column" : "the columns")} {List(missing)} of the "
                + "training data "
                + $"{(missing.Length == 1 ? "is" : "are")} missing; the data has: {List(names)}");
        }

        string[] ignored = [.. names.Where((_, i) => !found.Contains(i))];
        if (ignored.Length > 0)
        {
            string columns = ignored.Length == 1 ? "a column" : FormattableString.Invariant($"{ignored.Length:#,0} columns");
            notes.Add(new DataNote("columns", $"{columns} that the model does not know: {NoteList.Names(ignored)}"));
        }

        return new ColumnMatch(found[..^1], found[^1], ignored) { Notes = notes.ToList() };
    }

    /// <summary>Finds names: as they are written, else in another case where that is clear.</summary>
    /// <returns>Position of each; -1 where there is none.</returns>
    private static int[] FindNames(string[] wanted, string[] names, NoteList notes)
    {
        Dictionary<string, int> exact = new(StringComparer.Ordinal);
        for (int i = names.Length - 1; i >= 0; i--)
            exact[names[i]] = i;
        int[] found = [.. wanted.Select(name => exact.GetValueOrDefault(name, -1))];
        HashSet<int> taken = [.. found];
        ILookup<string, int> free = Enumerable.Range(0, names.Length).Where(i => !taken.Contains(i))
            .ToLookup(i => names[i], StringComparer.OrdinalIgnoreCase);
        ILookup<string, int> lacking = Enumerable.Range(0, wanted.Length).Where(i => found[i] < 0)
            .ToLookup(i => wanted[i], StringComparer.OrdinalIgnoreCase);
        foreach (IGrouping<string, int> alike in lacking)
        {
            int[] candidates = [.. free[alike.Key]];
            if (candidates.Length != 1 || alike.Count() != 1)
                continue;
            int place = alike.Single();
            found[place] = candidates[0];
            notes.Add("case", wanted[place], $" is taken from {CellText.Quote(names[candidates[0]])}, whose name differs in case alone",
                "are taken from columns whose names differ in case alone", null);
        }

        return found;
    }

    private static ColumnMatch FindByPosition(string place, Preprocessing preprocessing, int count)
    {
        int target = preprocessing.Target.Index;
        int features = preprocessing.Columns!.Count, all = features + (target >= 0 ? 1 : 0);
        if (count != all && count != features)
        {
            string[] names = [.. preprocessing.Columns.Select(column => column.Name)];
            throw new ThalwegException($"{place}: expected {features} columns as in the training data ({List(names)})"
                + $"{(target >= 0 ? $", or {all} with the target '{preprocessing.Target.Name}' at {target}" : "")}; found {count}");
        }

        bool hasTarget = count == all && target >= 0;
        bool isTargetCutOut = !hasTarget && target >= 0;
        int[] places = [.. preprocessing.Columns.Select(
            column => isTargetCutOut && column.Index > target ? column.Index - 1 : column.Index)];
        return new ColumnMatch(places, hasTarget ? target : -1, []);
    }

    private static string List(string[] names) =>
        names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and "
            + $"{names.Length - MostNames} more";
}
