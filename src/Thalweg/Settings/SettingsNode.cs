namespace Thalweg;

/// <summary>A value of a text form: a word or number, <c>name(arguments)</c>, or a list <c>[a, b]</c>.</summary>
/// <param name="Name">The name, or the digits of a number; empty for a list.</param>
/// <param name="Arguments">What stands in the parentheses, or the elements of a list, in order.</param>
/// <remarks>The grammar of all texts of settings: <c>dense(128, activation=relu)</c>, <c>[1, 2]</c>, <c>'a word with spaces'</c>. Inside
/// quotation marks the mark itself is written twice.</remarks>
public sealed record SettingsNode(string Name, ValueList<SettingsArgument> Arguments)
{
    /// <summary>Name that stood for a list before there were brackets: <c>list(1, 5)</c>.</summary>
    private const string OldListName = "list";

    /// <summary>What is printed in place of settings that no text can hold.</summary>
    internal const string Unwritten = "...";

    /// <summary>Makes a word or a number.</summary>
    /// <param name="name">The word, or the digits of the number.</param>
    public SettingsNode(string name)
        : this(name, [])
    {
    }

    /// <summary>Whether it is a list in brackets.</summary>
    public bool IsList { get; init; }

    /// <summary>The elements where it is a list; null where it is none.</summary>
    public IReadOnlyList<SettingsNode>? Elements =>
        IsList || (Name == OldListName && Arguments.All(argument => argument.Name is null))
            ? [.. Arguments.Select(argument => argument.Value)]
            : null;

    /// <summary>Makes a list.</summary>
    /// <param name="elements">Its elements.</param>
    public static SettingsNode List(IEnumerable<SettingsNode> elements) =>
        new("", [.. elements.Select(element => new SettingsArgument(null, element))]) { IsList = true };

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">It does not follow the grammar; the message says where.</exception>
    public static SettingsNode Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SettingsReader(text).Whole();
    }

    /// <summary>Reads values separated by commas, as in <c>mixup(0.2), l2(1e-4)</c>.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <exception cref="ThalwegException">It does not follow the grammar; the message says where.</exception>
    public static IReadOnlyList<SettingsNode> ReadAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? [] : new SettingsReader(text).WholeList();
    }

    /// <summary>The text, which <see cref="Read"/> reads back to an equal value.</summary>
    public override string ToString()
    {
        string inside = string.Join(", ", Arguments);
        return IsList ? $"[{inside}]" : inside.Length == 0 ? Quoted(Name) : $"{Quoted(Name)}({inside})";
    }

    internal static string Quoted(string word)
    {
        if (word.Length > 0 && word.All(SettingsReader.IsWordLetter))
            return word;
        char mark = word.Contains('\'', StringComparison.Ordinal) ? '"' : '\'';
        return $"{mark}{word.Replace($"{mark}", $"{mark}{mark}", StringComparison.Ordinal)}{mark}";
    }
}

/// <summary>An argument of a text form.</summary>
/// <param name="Name">Its name, where it is given by name; else null.</param>
/// <param name="Value">Its value.</param>
public sealed record SettingsArgument(string? Name, SettingsNode Value)
{
    /// <summary>The argument as it is written: <c>key=value</c>, or the value alone.</summary>
    public override string ToString() => Name is null ? $"{Value}" : $"{SettingsNode.Quoted(Name)}={Value}";
}

/// <summary>Reads the grammar of settings.</summary>
internal sealed class SettingsReader(string text)
{
    /// <summary>Deepest nesting that is read: hostile texts must not exhaust the stack.</summary>
    private const int MaximumDepth = 64;

    private int _position;

    public static bool IsWordLetter(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || "_.+-*?".Contains(letter, StringComparison.Ordinal);

    public SettingsNode Whole()
    {
        SettingsNode node = Node(0);
        SkipSpace();
        return _position == text.Length ? node : throw Unexpected("the end");
    }

    public IReadOnlyList<SettingsNode> WholeList()
    {
        List<SettingsNode> nodes = [];
        do
            nodes.Add(Node(0));
        while (Take(','));
        SkipSpace();
        return _position == text.Length ? nodes : throw Unexpected("',' or the end");
    }

    private SettingsNode Node(int depth)
    {
        if (depth > MaximumDepth)
            throw Unexpected($"at most {MaximumDepth} nested parentheses");
        if (Take('['))
            return new("", Arguments(']', depth)) { IsList = true };
        string name = Word();
        return Take('(') ? new(name, Arguments(')', depth)) : new(name);
    }

    private ValueList<SettingsArgument> Arguments(char end, int depth)
    {
        if (Take(end))
            return [];
        List<SettingsArgument> arguments = [];
        do
            arguments.Add(Argument(isNameAllowed: end == ')', depth + 1));
        while (Take(','));
        return Take(end) ? new(arguments) : throw Unexpected($"',' or '{end}'");
    }

    private SettingsArgument Argument(bool isNameAllowed, int depth)
    {
        SkipSpace();
        int start = _position;
        if (isNameAllowed && _position < text.Length && text[_position] != '[')
        {
            string word = Word();
            if (Take('='))
                return new(word, Node(depth));
            _position = start;
        }

        return new(null, Node(depth));
    }

    private string Word()
    {
        SkipSpace();
        if (_position < text.Length && text[_position] is '\'' or '"')
            return Quoted(text[_position]);
        int start = _position;
        while (_position < text.Length && IsWordLetter(text[_position]))
            _position++;
        return _position > start ? text[start.._position] : throw Unexpected("a name or a number");
    }

    /// <summary>A word in quotation marks, such as a pattern of names; the mark itself stands there twice.</summary>
    private string Quoted(char mark)
    {
        int start = ++_position;
        while (true)
        {
            int end = text.IndexOf(mark, _position);
            if (end < 0)
            {
                _position = text.Length;
                throw Unexpected($"a closing {mark}");
            }

            _position = end + 1;
            if (_position == text.Length || text[_position] != mark)
                return text[start..end].Replace($"{mark}{mark}", $"{mark}", StringComparison.Ordinal);
            _position++;
        }
    }

    private bool Take(char expected)
    {
        SkipSpace();
        bool found = _position < text.Length && text[_position] == expected;
        _position += found ? 1 : 0;
        return found;
    }

    private void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
    }

    private ThalwegException Unexpected(string expected)
    {
        string found = _position < text.Length ? $"'{text[_position]}'" : "the end";
        return new($"[settings] expected {expected} at character {_position + 1}, found {found}; write it as in scale_by_adam(b1=0.9)");
    }
}
