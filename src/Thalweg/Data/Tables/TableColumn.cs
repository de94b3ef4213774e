using System.Globalization;

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

    /// <summary>The same values where <see cref="Numbers"/> cannot hold them all: integers beyond 2^53; null elsewhere.</summary>
    public WideIntegers? Wide { get; init; }

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
        return Numbers is null ? Categories[Codes![row]]
            : Wide is null ? CellText.Canonical(Numbers[row]) : Wide[row].ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Number of different values, missing ones not counted, up to a limit.</summary>
    public int CountDistinct(int limit)
    {
        if (Codes is not null)
            return Math.Min(Categories.Length, limit);
        if (Wide is not null)
            return Enumerable.Range(0, Count).Select(row => Wide[row]).Distinct().Take(limit).Count();
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
        return Wide is null ? ToCategories(row => Numbers[row]) : ToCategories(row => Wide[row]);
    }

    /// <summary>The same column with some rows alone.</summary>
    public TableColumn WithRows(int[] rows) => Numbers is not null
        ? new TableColumn(Name, [.. rows.Select(row => Numbers[row])]) { Wide = Wide?.WithRows(rows) }
        : new TableColumn(Name, [.. rows.Select(row => Codes![row])], Categories)
        {
            StrayText = StrayText,
            HasTooManyCategories = HasTooManyCategories,
        };

    /// <summary>One category for each different value that is not missing.</summary>
    private TableColumn ToCategories<T>(Func<int, T> valueOf)
        where T : notnull
    {
        Dictionary<T, int> codeOf = [];
        List<string> categories = [];
        int[] codes = new int[Count];
        for (int row = 0; row < codes.Length; row++)
        {
            if (IsMissing(row))
            {
                codes[row] = -1;
                continue;
            }

            T value = valueOf(row);
            if (!codeOf.TryGetValue(value, out codes[row]))
            {
                codeOf[value] = codes[row] = categories.Count;
                categories.Add(TextOf(row));
            }
        }

        return new TableColumn(Name, codes, [.. categories]);
    }
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
