using System.Globalization;

namespace Thalweg.Data;

/// <summary>One column of raw values: numbers, or codes of categories.</summary>
internal sealed record TableColumn
{
    /// <summary>Makes a column of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numbers">The values, which the column takes over: infinite ones become NaN, which stands for missing.</param>
    public TableColumn(string name, double[] numbers)
    {
        Name = name;
        Numbers = numbers;
        Categories = [];
        foreach (ref double number in numbers.AsSpan())
        {
            if (double.IsFinite(number))
                continue;
            Infinite += double.IsInfinity(number) ? 1 : 0;
            Missing++;
            number = double.NaN;
        }
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

    /// <summary>How many of them were infinite.</summary>
    public int Infinite { get; }

    /// <summary>Order in which dates were written, where the numbers are days since 1970-01-01; null elsewhere.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary>A column of numbers as it is written, in a text file and where it may be needed; null elsewhere.</summary>
    public TableColumn? AsWritten { get; init; }

    /// <summary>Whether numbers are written with marks that a plain number does not have.</summary>
    public bool HasMarks { get; init; }

    /// <summary>Whether categories are numbers, so that one that is written in another way can still be known.</summary>
    public bool AreNumbers { get; init; }

    /// <summary>Whether there were more different texts than could be distinguished, so that the column cannot be used.</summary>
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
        if (Numbers is null)
            return Categories[Codes![row]];
        if (Dates is not null)
            return AsWritten is null || HasMarks ? DateCell.Write(Numbers[row]) : AsWritten.TextOf(row);
        if (Wide is not null)
            return Wide[row].ToString(CultureInfo.InvariantCulture);
        return AsWritten is null || HasMarks ? CellText.Canonical(Numbers[row]) : AsWritten.TextOf(row);
    }

    /// <summary>Number of different values, missing ones not counted.</summary>
    public int CountDistinct()
    {
        if (Codes is not null)
            return Codes.Where(code => code >= 0).Distinct().Count();
        if (Wide is not null)
            return Enumerable.Range(0, Count).Where(row => !IsMissing(row)).Select(row => Wide[row]).Distinct().Count();
        return DistinctCounter.Count(Numbers);
    }

    /// <summary>Whether there are at most so many different numbers.</summary>
    /// <param name="limit">The number.</param>
    public bool HasAtMost(int limit)
    {
        HashSet<double> seen = [];
        return Numbers!.All(number => double.IsNaN(number) || !seen.Add(number) || seen.Count <= limit);
    }

    /// <summary>The same column as categories, which are named as they are written where that is known.</summary>
    public TableColumn AsCategories()
    {
        if (Numbers is null)
            return this;
        int[] codes = new int[Numbers.Length];
        List<string> categories = [];
        Dictionary<string, int> codeOfText = new(StringComparer.Ordinal);
        Dictionary<double, int> codeOfNumber = [];
        int[] codeOfWritten = [.. Enumerable.Repeat(-1, AsWritten?.Categories.Length ?? 0)];
        for (int row = 0; row < codes.Length; row++)
        {
            double number = Numbers[row];
            if (double.IsNaN(number))
                codes[row] = -1;
            else if (Wide is not null)
                codes[row] = CodeOf(TextOf(row));
            else if (AsWritten is null)
                codes[row] = codeOfNumber.TryGetValue(number, out int code) ? code : codeOfNumber[number] = CodeOf(TextOf(row));
            else if (codeOfWritten[AsWritten.Codes![row]] is >= 0 and int known)
                codes[row] = known;
            else
                codes[row] = codeOfWritten[AsWritten.Codes[row]] = CodeOf(AsWritten.TextOf(row));
        }

        return new TableColumn(Name, codes, [.. categories]) { AreNumbers = true };

        int CodeOf(string text)
        {
            if (codeOfText.TryGetValue(CellText.WithoutZeroFraction(text), out int code))
                return code;
            categories.Add(text);
            return codeOfText[CellText.WithoutZeroFraction(text)] = categories.Count - 1;
        }
    }

    /// <summary>The same column with some rows alone.</summary>
    public TableColumn WithRows(int[] rows) => Numbers is not null
        ? new TableColumn(Name, [.. rows.Select(row => Numbers[row])])
        {
            Dates = Dates,
            Wide = Wide?.WithRows(rows),
            AsWritten = AsWritten?.WithRows(rows),
            HasMarks = HasMarks,
        }
        : new TableColumn(Name, [.. rows.Select(row => Codes![row])], Categories)
        {
            AreNumbers = AreNumbers,
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
    public int Infinite(int index) => Columns[index].Infinite;

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
