using System.Text;

namespace Thalweg.Data;

/// <summary>Puts blocks of columns together to a table.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="missing">Words that the user names for missing values.</param>
internal sealed class TableAssembler(string path, MissingWords missing)
{
    private ColumnAssembler[] _columns = [];

    /// <summary>Names of the columns.</summary>
    public string[] Names => [.. _columns.Select(column => column.Name)];

    /// <summary>Rows that are held.</summary>
    public int Rows { get; private set; }

    /// <summary>Takes a block.</summary>
    /// <exception cref="ThalwegException">Its columns are not those of the first block, or of different lengths.</exception>
    public void Add(IReadOnlyList<ColumnValues> block)
    {
        if (_columns.Length == 0)
        {
            _columns = [.. block.Select(column => new ColumnAssembler(column.Name, column.Kind, missing))];
            if (_columns.Length == 0)
                throw new ThalwegException($"{path}: expected columns, found none");
            if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new ThalwegException($"{path}: expected columns with different names, found '{twice.Key}' twice; rename one");
        }

        bool fits = block.Count == _columns.Length
            && block.Zip(_columns).All(pair => pair.First.Name == pair.Second.Name && pair.First.Kind == pair.Second.Kind);
        if (!fits || block.Any(column => column.Count != block[0].Count))
        {
            throw new ThalwegException($"{path}: expected blocks of equal columns of equal length, found "
                + $"{string.Join(", ", block.Select(column => $"'{column.Name}' of {column.Count}"))} after "
                + $"{string.Join(", ", Names.Select(name => $"'{name}'"))}");
        }

        for (int i = 0; i < block.Count; i++)
            _columns[i].Add(block[i]);
        Rows = checked(Rows + block[0].Count);
    }

    /// <summary>The table so far.</summary>
    /// <exception cref="ThalwegException">There are no rows.</exception>
    public Table Build() => Take(int.MaxValue) ?? throw new ThalwegException($"{path}: the file holds no data rows");

    /// <summary>Takes off the first rows; null where there are none.</summary>
    public Table? Take(int limit)
    {
        int count = Math.Min(limit, Rows);
        Rows -= count;
        return count == 0 ? null : new Table([.. _columns.Select(column => column.Take(count))], count, []);
    }

    /// <summary>Forgets the rows, not what was found in them.</summary>
    public void DropRows()
    {
        foreach (ColumnAssembler column in _columns)
            column.Drop();
        Rows = 0;
    }

    /// <summary>An empty one that knows which columns have wide integers.</summary>
    public TableAssembler Again() => new(path, missing)
    {
        _columns = [.. _columns.Select(column => new ColumnAssembler(column.Name, column.Kind, missing) { IsWide = column.IsWide })],
    };

    /// <summary>Refuses what a temporary file cannot hold.</summary>
    public void RefuseWideWithMissing()
    {
        if (Array.Find(_columns, column => column.IsWide && column.HasMissing) is { } column)
        {
            throw new ThalwegException($"{path}: expected integers up to 2^53, or no missing values, in column '{column.Name}' of a table "
                + "that is too large for the memory, got both; fill them in, leave the column out when writing the file, or raise "
                + $"DataOptions.{nameof(DataOptions.InMemoryLimit)}");
        }
    }
}

/// <summary>Puts the values of one column together.</summary>
/// <param name="name">Its name.</param>
/// <param name="kind">What it holds.</param>
/// <param name="missing">Words that the user names for missing values.</param>
internal sealed class ColumnAssembler(string name, ColumnValuesKind kind, MissingWords missing)
{
    private readonly List<double> _numbers = [];
    private readonly List<long> _bits = [];
    private readonly List<string?> _written = [];
    private bool _isWrittenNeeded;

    public string Name => name;

    public ColumnValuesKind Kind => kind;

    /// <summary>Whether an integer is too wide for a double.</summary>
    public bool IsWide { get; set; }

    /// <summary>Whether a value is missing.</summary>
    public bool HasMissing { get; private set; }

    private bool IsInteger => kind is ColumnValuesKind.Integer or ColumnValuesKind.UnsignedInteger;

    /// <summary>Takes the values of a block.</summary>
    public void Add(ColumnValues values)
    {
        if (kind == ColumnValuesKind.Text)
        {
            foreach (string? text in values.Written!)
                _written.Add(IsMissing(text) ? null : text);
            return;
        }

        for (int i = 0; i < values.Count; i++)
        {
            double number = values.Values[i];
            if (kind != ColumnValuesKind.Date && missing.IsSpecified(number))
                number = double.NaN;
            HasMissing |= double.IsNaN(number);
            _numbers.Add(number);
            if (IsInteger)
            {
                _bits.Add(values.Bits[i]);
                IsWide |= WideIntegers.IsNeeded(values.Bits[i], kind == ColumnValuesKind.UnsignedInteger);
            }
            else if (values.Written is { } written)
            {
                _written.Add(double.IsNaN(number) ? null : written[i]);
                _isWrittenNeeded |= double.IsFinite(number) && written[i] != Canonical(number);
            }
        }
    }

    /// <summary>Takes off the first rows.</summary>
    public TableColumn Take(int count)
    {
        if (kind == ColumnValuesKind.Text)
            return Texts(First(_written, count));
        long[] bits = IsInteger ? First(_bits, count) : [];
        string?[] written = _written.Count > 0 ? First(_written, count) : [];
        return new TableColumn(name, First(_numbers, count))
        {
            Wide = IsWide ? new WideIntegers(bits, kind == ColumnValuesKind.UnsignedInteger) : null,
            Dates = kind == ColumnValuesKind.Date ? DateOrder.YearFirst : null,
            AsWritten = _isWrittenNeeded ? Texts(written) : null,
        };
    }

    /// <summary>Forgets the rows.</summary>
    public void Drop()
    {
        _numbers.Clear();
        _bits.Clear();
        _written.Clear();
    }

    private static T[] First<T>(List<T> list, int count)
    {
        T[] first = [.. list.Take(count)];
        list.RemoveRange(0, count);
        return first;
    }

    private bool IsMissing(string? text) =>
        string.IsNullOrEmpty(text) || (missing.Specified.Count > 0 && missing.IsSpecified(Encoding.UTF8.GetBytes(text)));

    private string Canonical(double number) => kind == ColumnValuesKind.Date ? DateCell.Write(number) : CellText.Canonical(number);

    private TableColumn Texts(string?[] texts)
    {
        TextCollector collector = new();
        foreach (string? text in texts)
        {
            if (text is null)
                collector.AddMissing();
            else
                collector.Add(Encoding.UTF8.GetBytes(text));
        }

        return collector.Build(name);
    }
}
