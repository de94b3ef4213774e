namespace Thalweg.Data;

/// <summary>The marks with which a file writes its numbers.</summary>
/// <param name="Decimal">Decimal mark: '.' or ','.</param>
/// <param name="Group">Mark between groups of three digits: ',', '.', '\'' or ' ' for every kind of blank; null for none.</param>
internal sealed record NumberMarks(char Decimal, char? Group)
{
    /// <summary>A point and no groups: what programs write.</summary>
    public static readonly NumberMarks Plain = new('.', null);

    /// <summary>All that can be detected, the likeliest first. Bit i of a set stands for entry i.</summary>
    public static readonly NumberMarks[] All =
    [
        Plain, new('.', ','), new('.', ' '), new('.', '\''), new(',', null), new(',', '.'), new(',', ' '), new(',', '\''),
    ];

    /// <summary>The set of all entries of <see cref="All"/>.</summary>
    public const int Any = 0xFF;

    /// <summary>The set of those with a decimal comma.</summary>
    public const int Commas = 0xF0;

    /// <summary>The marks that options give; null where they give none.</summary>
    /// <exception cref="ThalwegException">A mark is unknown, or both are the same.</exception>
    public static NumberMarks? Specified(DataOptions options)
    {
        if (options.DecimalMark is null && options.ThousandsMark is null)
            return null;
        char? group = options.ThousandsMark;
        char point = options.DecimalMark ?? (group == '.' ? ',' : '.');
        if (point is not ('.' or ','))
            throw new ThalwegException($"[data] expected DataOptions.DecimalMark '.' or ',', got '{point}'");
        if (group is not (null or ',' or '.' or ' ' or '\''))
            throw new ThalwegException($"[data] expected DataOptions.ThousandsMark ',', '.', ' ' or an apostrophe, got '{group}'");
        return group == point
            ? throw new ThalwegException($"[data] expected two different marks, got DataOptions.DecimalMark and "
                + $"DataOptions.ThousandsMark '{point}'; leave one out")
            : new NumberMarks(point, group);
    }

    /// <summary>Whether a character of a number is the mark between groups.</summary>
    public bool IsGroup(char character) => Group switch
    {
        null => false,
        ' ' => character is ' ' or '\u00A0' or '\u2009' or '\u202F',
        '\'' => character is '\'' or '\u2019',
        { } mark => character == mark,
    };
}
