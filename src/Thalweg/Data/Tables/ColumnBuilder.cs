using System.Text;

namespace Thalweg.Data;

/// <summary>How the cells of a column are to be read.</summary>
internal enum ColumnReading
{
    /// <summary>Numbers, unless a word turns up.</summary>
    Find,

    /// <summary>Numbers; a word is an error.</summary>
    Numbers,

    /// <summary>Categories.</summary>
    Categories,

    /// <summary>Not at all.</summary>
    Skip,
}

/// <summary>Collects the cells of one column.</summary>
internal sealed class ColumnBuilder
{
    private readonly string _path;
    private readonly string _name;
    private readonly ColumnReading _reading;
    private readonly List<double> _numbers = [];
    private readonly List<int> _codes = [];
    private readonly List<string> _categories = [];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private bool _isText;
    private long _numberCount, _textCount;
    private string? _strayText;

    public ColumnBuilder(string path, string name, ColumnReading reading)
    {
        _path = path;
        _name = name;
        _reading = reading;
        _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        _isText = reading == ColumnReading.Categories;
    }

    /// <summary>Takes the next cell.</summary>
    /// <exception cref="ThalwegException">A word stands in a column of numbers.</exception>
    public void Add(ReadOnlySpan<byte> cell, long line)
    {
        if (_reading == ColumnReading.Skip)
            return;
        bool missing = CellText.IsMissing(cell);
        double number = double.NaN;
        bool isNumber = !missing && CellText.TryNumber(cell, out number);
        if (!missing && !isNumber)
            NoteText(cell, line);
        if (isNumber)
            _numberCount++;
        if (!_isText)
            _numbers.Add(missing ? double.NaN : number);
        else if (missing)
            _codes.Add(-1);
        else
            _codes.Add(isNumber ? CodeOf(CellText.Canonical(number)) : CodeOf(cell));
    }

    /// <summary>The column so far; the builder starts over.</summary>
    public TableColumn Build()
    {
        TableColumn column = _isText
            ? new TableColumn(_name, [.. _codes], [.. _categories]) { StrayText = _numberCount >= 20 * _textCount ? _strayText : null }
            : new TableColumn(_name, [.. _numbers]);
        if (_reading == ColumnReading.Find && _isText)
            RefuseDecimalCommas();
        _numbers.Clear();
        _codes.Clear();
        _categories.Clear();
        _codeOf.Clear();
        return column;
    }

    private void NoteText(ReadOnlySpan<byte> cell, long line)
    {
        if (_reading == ColumnReading.Numbers)
        {
            throw new ThalwegException($"{_path}: line {line}, column '{_name}': expected a number as in the training data, "
                + $"found {CellText.Quote(cell)}; "
                + "mend the cell or leave it empty for a missing value");
        }

        _textCount++;
        _strayText ??= $"{CellText.Quote(cell)} (line {line})";
        if (_isText)
            return;
        _isText = true;
        foreach (double number in _numbers)
            _codes.Add(double.IsNaN(number) ? -1 : CodeOf(CellText.Canonical(number)));
        _numbers.Clear();
    }

    private int CodeOf(ReadOnlySpan<byte> cell)
    {
        Span<char> text = cell.Length <= 256 ? stackalloc char[256] : new char[cell.Length];
        return CodeOf(text[..Encoding.UTF8.GetChars(cell, text)]);
    }

    private int CodeOf(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out int code))
            return code;
        string category = text.ToString();
        code = _categories.Count;
        _categories.Add(category);
        _codeOf[category] = code;
        return code;
    }

    private void RefuseDecimalCommas()
    {
        bool found = false;
        foreach (string text in _categories)
        {
            if (CellText.TryNumber(text, out _))
                continue;
            if (text.Count(character => character == ',') != 1 || !CellText.TryNumber(text.Replace(',', '.'), out _))
                return;
            found = true;
        }

        if (found)
            throw new ThalwegException($"{_path}: column '{_name}' holds numbers with decimal commas, such as {_strayText}; "
                + "write them with points");
    }
}
