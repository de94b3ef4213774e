namespace Thalweg.Data;

/// <summary>How a text file lays out its table.</summary>
internal sealed record TextLayout
{
    /// <summary>Separator; a blank stands for a run of blanks.</summary>
    public required char Separator { get; init; }

    /// <summary>Character encoding of the text, such as "utf-8" or "windows-1252".</summary>
    public string Encoding { get; init; } = TextEncodings.Utf8;

    /// <summary>Most bytes that the file may unpack to.</summary>
    public long MaxSize { get; init; } = long.MaxValue;

    /// <summary>Character that begins lines of comment, wherever they are; null where no line is one.</summary>
    public char? Comment { get; init; }

    /// <summary>Lines before the table that hold none of it.</summary>
    public LeadingLines Leading { get; init; } = LeadingLines.None;

    /// <summary>Names of the columns, from a header, from the caller, or c0, c1, ...</summary>
    public required string[] Names { get; init; }

    /// <summary>Whether the names come from the file or the caller, rather than from the position.</summary>
    public required bool IsNamed { get; init; }

    /// <summary>Whether the first row is a header, or a line of counts, and holds no data.</summary>
    public required bool SkipFirstRow { get; init; }

    /// <summary>Whether the file itself names the columns, in its first row or in a line of comment before it.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Whether each row begins with a cell that the header does not name: an index, which is no column.</summary>
    public bool HasIndex { get; init; }

    /// <summary>Whether rows may end with a separator, behind which nothing follows.</summary>
    public bool HasTrailingSeparator { get; init; }

    /// <summary>What is to be known about how the text was read.</summary>
    public IReadOnlyList<DataNote> Notes { get; init; } = [];

    /// <summary>Names of classes 0, 1, ... from a first line such as 150,4,setosa,versicolor,virginica; null elsewhere.</summary>
    public string[]? ClassNames { get; init; }

    /// <summary>Number of rows that such a first line states; 0 elsewhere.</summary>
    public long StatedRows { get; init; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount => Names.Length;
}
