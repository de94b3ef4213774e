namespace Thalweg.Data;

/// <summary>One column of raw values: numbers, or codes of categories.</summary>
internal sealed class TableColumn
{
    /// <summary>Makes a column of numbers, NaN standing for missing.</summary>
    public TableColumn(string name, double[] numbers)
    {
        Name = name;
        Numbers = numbers;
        Categories = [];
        Missing = numbers.Count(double.IsNaN);
    }

    /// <summary>Makes a column of categories, -1 standing for missing.</summary>
    public TableColumn(string name, int[] codes, string[] categories)
    {
        Name = name;
        Codes = codes;
        Categories = categories;
        Missing = codes.Count(code => code < 0);
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Values of a numeric column, NaN where missing; null for categories.</summary>
    public double[]? Numbers { get; }

    /// <summary>Index into <see cref="Categories"/> of each row, -1 where missing; null for numbers.</summary>
    public int[]? Codes { get; }

    /// <summary>Texts of the categories in order of appearance.</summary>
    public string[] Categories { get; }

    /// <summary>Number of missing values.</summary>
    public int Missing { get; }

    /// <summary>A word in an otherwise numeric column, which makes it one of categories; null elsewhere.</summary>
    public string? StrayText { get; init; }

    /// <summary>Whether there were more different texts than could be told apart, so that the column cannot be used.</summary>
    public bool HasTooManyCategories { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => Numbers?.Length ?? Codes!.Length;

    /// <summary>Whether a row has no value.</summary>
    public bool IsMissing(int row) => Numbers is not null ? double.IsNaN(Numbers[row]) : Codes![row] < 0;

    /// <summary>Text of a row, empty where missing.</summary>
    public string TextOf(int row)
    {
        if (IsMissing(row))
            return "";
        return Numbers is not null ? CellText.Canonical(Numbers[row]) : Categories[Codes![row]];
    }

    /// <summary>Number of different values, missing ones not counted, up to a limit.</summary>
    public int CountDistinct(int limit)
    {
        if (Codes is not null)
            return Math.Min(Categories.Length, limit);
        HashSet<double> seen = [];
        foreach (double number in Numbers!)
        {
            if (!double.IsNaN(number) && seen.Add(number) && seen.Count >= limit)
                break;
        }

        return seen.Count;
    }

    /// <summary>The same column as categories.</summary>
    public TableColumn AsCategories()
    {
        if (Numbers is null)
            return this;
        Dictionary<double, int> codeOf = [];
        List<string> categories = [];
        int[] codes = new int[Numbers.Length];
        for (int row = 0; row < codes.Length; row++)
        {
            if (double.IsNaN(Numbers[row]))
            {
                codes[row] = -1;
                continue;
            }

            if (!codeOf.TryGetValue(Numbers[row], out codes[row]))
            {
                codeOf[Numbers[row]] = codes[row] = categories.Count;
                categories.Add(CellText.Canonical(Numbers[row]));
            }
        }

        return new TableColumn(Name, codes, [.. categories]);
    }

    /// <summary>The same column with some rows alone.</summary>
    public TableColumn WithRows(int[] rows) => Numbers is not null
        ? new TableColumn(Name, [.. rows.Select(row => Numbers[row])])
        : new TableColumn(Name, [.. rows.Select(row => Codes![row])], Categories)
        {
            StrayText = StrayText,
            HasTooManyCategories = HasTooManyCategories,
        };
}

/// <summary>Raw rows by column.</summary>
/// <param name="Columns">The columns, each of <paramref name="Count"/> values, or of none where it was passed over.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Lines">1-based line of each row in its file; empty where the rows come from no text.</param>
internal sealed record Table(TableColumn[] Columns, int Count, long[] Lines) : ITable
{
    /// <summary>Names of the columns.</summary>
    public string[] Names => [.. Columns.Select(column => column.Name)];

    /// <inheritdoc/>
    public bool IsInMemory => true;

    /// <inheritdoc/>
    public TableColumn Column(int index) => Columns[index];

    /// <inheritdoc/>
    public int Missing(int index) => Columns[index].Missing;

    /// <inheritdoc/>
    public Table Block(int start, int count) => start == 0 && count == Count ? this : WithRows([.. Enumerable.Range(start, count)]);

    /// <inheritdoc/>
    public ITable Select(int[] rows) => WithRows(rows);

    /// <inheritdoc/>
    public ITable WithCategories(IReadOnlyCollection<int> columns) =>
        this with { Columns = [.. Columns.Select((column, index) => columns.Contains(index) ? column.AsCategories() : column)] };

    /// <summary>The same columns with some rows alone.</summary>
    public Table WithRows(int[] rows) => new(
        [.. Columns.Select(column => column.Count == 0 ? column : column.WithRows(rows))],
        rows.Length,
        Lines.Length == 0 ? [] : [.. rows.Select(row => Lines[row])]);
}
