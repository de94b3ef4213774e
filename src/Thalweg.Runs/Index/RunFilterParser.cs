namespace Thalweg.Runs;

/// <summary>Reads filters: <c>or</c> binds least, then <c>and</c>, then <c>not</c>.</summary>
/// <param name="text">The filter.</param>
/// <param name="fields">The names of fields.</param>
internal sealed class RunFilterParser(string text, RunFields fields)
{
    /// <summary>Parentheses within each other, and longest text: both far beyond what people write, and below what a stack holds.</summary>
    private const int MostNested = 100, MostLetters = 10_000;

    private static readonly (string Sign, RunComparison Comparison)[] s_signs =
    [
        ("!=", RunComparison.NotEqual), ("<=", RunComparison.LessOrEqual), (">=", RunComparison.GreaterOrEqual),
        ("==", RunComparison.Equal), ("=", RunComparison.Equal), ("<", RunComparison.Less), (">", RunComparison.Greater), ("~", RunComparison.Contains),
    ];

    private int _at, _depth;

    public RunFilter Parse()
    {
        if (text.Length > MostLetters)
            throw new ThalwegException($"[runs] expected a filter of at most {MostLetters} characters, got {text.Length}; shorten it");
        RunFilter filter = ParseOr();
        SkipBlanks();
        return _at == text.Length ? filter : throw Unexpected("and, or, or the end");
    }

    private RunFilter ParseOr()
    {
        RunFilter left = ParseAnd();
        while (TakeWord("or"))
            left = new RunFilter.Or(left, ParseAnd());
        return left;
    }

    private RunFilter ParseAnd()
    {
        RunFilter left = ParseNot();
        while (TakeWord("and"))
            left = new RunFilter.And(left, ParseNot());
        return left;
    }

    private RunFilter ParseNot()
    {
        if (++_depth > MostNested)
        {
            throw new ThalwegException($"[runs] filter, column {_at + 1}: expected at most {MostNested} parentheses and nots within each "
                + "other, found more; simplify it");
        }

        SkipBlanks();
        RunFilter filter = TakeWord("not") ? new RunFilter.Not(ParseNot()) : Take('(') ? ParseGroup() : ParseComparison();
        _depth--;
        return filter;
    }

    private RunFilter ParseGroup()
    {
        RunFilter inner = ParseOr();
        SkipBlanks();
        return Take(')') ? inner : throw Unexpected(")");
    }

    private RunFilter.Compare ParseComparison()
    {
        SkipBlanks();
        int start = _at;
        string name = TakeQuoted() ?? TakeWhile(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '-');
        if (name.Length == 0)
            throw Unexpected("the name of a field");
        RunField field = FindField(name, start);
        SkipBlanks();
        (string sign, RunComparison comparison) = s_signs.FirstOrDefault(item => text.AsSpan(_at).StartsWith(item.Sign));
        if (sign is null)
        {
            IEnumerable<string> signs = s_signs.Select(item => item.Sign).Where(known => known != "==");
            throw Unexpected($"one of {string.Join(' ', signs)} after '{name}'");
        }

        _at += sign.Length;
        SkipBlanks();
        int valueAt = _at;
        string? quoted = TakeQuoted();
        string value = quoted ?? TakeWhile(letter => !char.IsWhiteSpace(letter) && letter is not ('(' or ')' or '"' or '\''));
        if (quoted is null && value.Length == 0)
            throw Unexpected("a value; put one with blanks or parentheses in quotes");
        RunFilter.Compare compare = new(field, comparison, value);
        return !field.IsNumber || compare.Number is not null ? compare : throw new ThalwegException(
            $"[runs] filter, column {valueAt + 1}: expected a number to compare {name} with, found '{value}'");
    }

    private RunField FindField(string name, int start)
    {
        try
        {
            return fields.Find(name);
        }
        catch (ThalwegException error)
        {
            string message = error.Message.Replace("[runs] ", "", StringComparison.Ordinal);
            throw new ThalwegException($"[runs] filter, column {start + 1}: {message}", error);
        }
    }

    private string? TakeQuoted()
    {
        if (_at == text.Length || text[_at] is not ('"' or '\''))
            return null;
        int end = text.IndexOf(text[_at], _at + 1);
        if (end < 0)
            throw new ThalwegException($"[runs] filter, column {_at + 1}: expected a closing {text[_at]}, found the end; close the quotes");
        string inner = text[(_at + 1)..end];
        _at = end + 1;
        return inner;
    }

    private string TakeWhile(Func<char, bool> belongs)
    {
        int start = _at;
        while (_at < text.Length && belongs(text[_at]))
            _at++;
        return text[start.._at];
    }

    private bool TakeWord(string word)
    {
        SkipBlanks();
        int end = _at + word.Length;
        if (end > text.Length || !text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            || (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('(' or '"' or '\'')))
        {
            return false;
        }

        _at = end;
        return true;
    }

    private bool Take(char sign)
    {
        if (_at == text.Length || text[_at] != sign)
            return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private ThalwegException Unexpected(string expected)
    {
        string found = _at == text.Length ? "the end" : $"'{text[_at..Math.Min(text.Length, _at + 20)]}'";
        return new ThalwegException($"[runs] filter, column {_at + 1}: expected {expected}, found {found}");
    }
}
