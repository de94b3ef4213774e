using System.Text;

namespace Thalweg.Data;

/// <summary>Collects texts as codes, in order of appearance.</summary>
/// <param name="areNumbers">Whether they are numbers, of which 1 and 1.0 are the same.</param>
internal sealed class TextCollector(bool areNumbers = false)
{
    private readonly List<int> _codes = [];
    private readonly List<string> _categories = [];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);

    /// <summary>Number of different texts.</summary>
    public int Distinct => _categories.Count;

    /// <summary>Takes rows without a value.</summary>
    public void AddMissing(int rows = 1)
    {
        for (int row = 0; row < rows; row++)
            _codes.Add(-1);
    }

    /// <summary>Takes a text in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> cell)
    {
        Span<char> text = cell.Length <= 256 ? stackalloc char[256] : new char[cell.Length];
        ReadOnlySpan<char> characters = text[..Encoding.UTF8.GetChars(cell, text)];
        if (!_codeOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out int code))
            code = CodeOf(characters.ToString());
        _codes.Add(code);
    }

    /// <summary>The column so far; the collector starts over.</summary>
    public TableColumn Build(string name)
    {
        TableColumn column = new(name, [.. _codes], [.. _categories]) { AreNumbers = areNumbers };
        _codes.Clear();
        _categories.Clear();
        _codeOf.Clear();
        return column;
    }

    private int CodeOf(string text)
    {
        string key = areNumbers ? CellText.WithoutZeroFraction(text) : text;
        if (!_codeOf.TryGetValue(key, out int code))
        {
            code = _codeOf[key] = _categories.Count;
            _categories.Add(text);
        }

        return _codeOf[text] = code;
    }
}
