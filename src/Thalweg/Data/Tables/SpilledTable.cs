using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>A table in a temporary file: groups of rows, in each group one column after the other, a number of 8 bytes
/// for each cell.</summary>
/// <remarks>A column is read in stretches of a group, some rows in one stretch for each column; both are few requests
/// to the disk.</remarks>
internal sealed class SpilledTable : ITable
{
    private readonly SpillFile _file;
    private readonly int[]? _rows;
    private readonly HashSet<int> _asCategories;

    /// <summary>All rows of a finished file.</summary>
    public SpilledTable(SpillFile file)
        : this(file, null, [])
    {
    }

    private SpilledTable(SpillFile file, int[]? rows, HashSet<int> asCategories) =>
        (_file, _rows, _asCategories) = (file, rows, asCategories);

    /// <summary>The file that holds the rows.</summary>
    public SpillFile File => _file;

    public string[] Names => [.. _file.Columns.Select(column => column.Name)];

    public int Count => _rows?.Length ?? _file.Count;

    public bool IsInMemory => false;

    public TableColumn Column(int index) => Column(index, 0, Count);

    public int Missing(int index) => _rows is null ? _file.Columns[index].Missing : Column(index).Missing;

    public int Infinite(int index) => _file.Columns[index].Infinite;

    public Table Block(int start, int count) =>
        new([.. Enumerable.Range(0, _file.Columns.Count).Select(index => Column(index, start, count))], count, []);

    public ITable Select(int[] rows) => new SpilledTable(_file, _rows is null ? rows : [.. rows.Select(row => _rows[row])], _asCategories);

    public ITable WithCategories(IReadOnlyCollection<int> columns) => new SpilledTable(_file, _rows, [.. _asCategories, .. columns]);

    private TableColumn Column(int index, int start, int count)
    {
        double[] cells = new double[count];
        if (_rows is null)
        {
            _file.Read(index, start, cells);
        }
        else if (count > 0)
        {
            // Rows mostly ascend and lie close: what is between the first and the last is read in one go and picked from.
            ReadOnlySpan<int> rows = _rows.AsSpan(start, count);
            int first = TensorPrimitives.Min(rows);
            double[] around = new double[TensorPrimitives.Max(rows) - first + 1];
            _file.Read(index, first, around);
            for (int i = 0; i < count; i++)
                cells[i] = around[rows[i] - first];
        }

        TableColumn column = _file.Columns[index].ToColumn(cells);
        return _asCategories.Contains(index) ? column.AsCategories() : column;
    }
}

/// <summary>One column of a table in a temporary file, while it is written and after.</summary>
/// <remarks>A cell of a column of wide integers holds their bits; a column holds them in all of its blocks or in none.</remarks>
/// <param name="name">Its name.</param>
internal sealed class SpilledColumn(string name)
{
    /// <summary>Different texts above which a column names rows rather than kinds.</summary>
    private const int MostCategories = 1 << 20;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly List<string> _categories = [];
    private bool _isText, _areNumbers, _hasTooMany;
    private DateOrder? _dates;

    /// <summary>Whether wide integers are unsigned; null where the cells are no wide integers.</summary>
    private bool? _isUnsigned;

    public string Name => name;

    public int Missing { get; private set; }

    public int Infinite { get; private set; }

    /// <summary>Forgets what was written.</summary>
    public void StartOver()
    {
        _codeOf.Clear();
        _categories.Clear();
        (_isText, _areNumbers, _hasTooMany, Missing, Infinite) = (false, false, false, 0, 0);
    }

    /// <summary>Writes the cells of a block as numbers: values, or codes of categories and -1 for missing ones.</summary>
    /// <param name="column">The column of the block.</param>
    /// <param name="cells">`[rows of the block]`.</param>
    public void Write(TableColumn column, Span<double> cells)
    {
        Missing += column.Missing;
        Infinite += column.Infinite;
        _dates = column.Dates;
        _isText = column.Numbers is null;
        _areNumbers = column.AreNumbers;
        if (column.Numbers is not null)
        {
            _isUnsigned = column.Wide?.IsUnsigned;
            (column.Wide is { } wide ? MemoryMarshal.Cast<long, double>(wide.Bits) : column.Numbers).CopyTo(cells);
            return;
        }

        int[] codes = [.. column.Categories.Select(CodeOf)];
        for (int row = 0; row < cells.Length; row++)
            cells[row] = column.Codes![row] < 0 ? -1 : codes[column.Codes[row]];
    }

    /// <summary>Cells that were read as a column.</summary>
    public TableColumn ToColumn(double[] cells)
    {
        if (_isText)
        {
            return new TableColumn(name, [.. cells.Select(cell => (int)cell)], [.. _categories])
            {
                AreNumbers = _areNumbers,
                HasTooManyCategories = _hasTooMany,
            };
        }

        if (_isUnsigned is null)
            return new TableColumn(name, cells) { Dates = _dates };
        WideIntegers integers = new(MemoryMarshal.Cast<double, long>(cells).ToArray(), _isUnsigned.Value);
        return new TableColumn(name, integers.ToDoubles()) { Wide = integers };
    }

    private int CodeOf(string category)
    {
        string key = _areNumbers ? CellText.WithoutZeroFraction(category) : category;
        if (_codeOf.TryGetValue(key, out int code))
            return code;
        if (_categories.Count == MostCategories)
        {
            _hasTooMany = true;
            return 0;
        }

        _categories.Add(category);
        return _codeOf[key] = _categories.Count - 1;
    }
}
