namespace Thalweg.Models;

/// <summary>The cells of one line, which may stand in double quotes.</summary>
/// <param name="line">The line.</param>
/// <param name="separator">What separates the cells.</param>
/// <param name="room">Room for a cell whose quotes are taken away, as long as the line.</param>
internal ref struct CsvCells(ReadOnlySpan<char> line, char separator, Span<char> room)
{
    private readonly Span<char> _room = room;
    private ReadOnlySpan<char> _rest = line;
    private bool _isEnd;

    /// <summary>The cell, without quotes around it.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Number of cells of a line.</summary>
    public static int Count(ReadOnlySpan<char> line, char separator)
    {
        int count = 1;
        bool isQuoted = false;
        foreach (char character in line)
        {
            isQuoted ^= character == '"';
            count += !isQuoted && character == separator ? 1 : 0;
        }

        return count;
    }

    /// <summary>Takes the next cell; false at the end of the line.</summary>
    public bool MoveNext()
    {
        if (_isEnd)
            return false;
        int end = 0;
        bool isQuoted = false, hasQuotes = false;
        for (; end < _rest.Length && (isQuoted || _rest[end] != separator); end++)
        {
            hasQuotes |= _rest[end] == '"';
            isQuoted ^= _rest[end] == '"';
        }

        ReadOnlySpan<char> cell = _rest[..end].Trim();
        Current = hasQuotes && cell is ['"', .., '"'] ? Unquote(cell[1..^1]) : cell;
        _isEnd = end == _rest.Length;
        _rest = _isEnd ? [] : _rest[(end + 1)..];
        return true;
    }

    /// <summary>The text with single quotes in place of doubled ones.</summary>
    private readonly ReadOnlySpan<char> Unquote(ReadOnlySpan<char> text)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            _room[length++] = text[i];
            i += text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"' ? 1 : 0;
        }

        return _room[..length];
    }
}
