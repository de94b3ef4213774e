namespace Thalweg.Data;

/// <summary>How a text file lays out its table.</summary>
internal sealed record TextLayout
{
    /// <summary>Separator; a blank stands for a run of blanks.</summary>
    public required char Separator { get; init; }

    /// <summary>Character encoding of the text, such as "utf-8" or "windows-1252".</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Names of the columns, from a header, from the caller, or c0, c1, ...</summary>
    public required string[] Names { get; init; }

    /// <summary>Whether the names come from a header or the caller, rather than from the position.</summary>
    public required bool IsNamed { get; init; }

    /// <summary>Whether the first row is a header, or a line of counts, and holds no data.</summary>
    public required bool SkipFirstRow { get; init; }

    /// <summary>Whether leading lines that begin with # are to be passed over.</summary>
    public required bool HasComments { get; init; }

    /// <summary>Whether the first row of the file names the columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>What is to be known about how the text was read.</summary>
    public IReadOnlyList<DataNote> Notes { get; init; } = [];

    /// <summary>Names of classes 0, 1, ... from a first line such as 150,4,setosa,versicolor,virginica; null elsewhere.</summary>
    public string[]? ClassNames { get; init; }

    /// <summary>Number of rows that such a first line states; 0 elsewhere.</summary>
    public long StatedRows { get; init; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount => Names.Length;
}
