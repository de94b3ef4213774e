namespace Thalweg.Data;

/// <summary>How data were read: what was detected, what was left out, and what changes it.</summary>
/// <remarks>It is stored in the model, so that the reading of the training data can be looked up later.</remarks>
public sealed record ReadingReport
{
    /// <summary>Format in words: "CSV", "IDX images", "NumPy arrays", ...</summary>
    public required string Format { get; init; }

    /// <summary>Character encoding of a text, such as "utf-8" or "windows-1252"; null for other formats.</summary>
    public string? Encoding { get; init; }

    /// <summary>Separator of a text table; ' ' stands for runs of blanks; null for other formats.</summary>
    public char? Separator { get; init; }

    /// <summary>Decimal mark of a text table; null for other formats.</summary>
    public char? DecimalMark { get; init; }

    /// <summary>Mark between groups of three digits; null where there is none.</summary>
    public char? ThousandsMark { get; init; }

    /// <summary>Whether the first row of a text table named its columns; null for other formats.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>Words given for missing values, beside the usual ones.</summary>
    public IReadOnlyList<string> MissingWords { get; init; } = [];

    /// <summary>Number of rows read, without those left out.</summary>
    public long Rows { get; init; }

    /// <summary>The columns of a table, in order; empty for arrays.</summary>
    public IReadOnlyList<ColumnReport> Columns { get; init; } = [];

    /// <summary>What else is to be known, in the order in which it was found.</summary>
    public IReadOnlyList<DataNote> Notes { get; init; } = [];
}

/// <summary>What one column of a table was taken for.</summary>
/// <param name="Name">Its name; c0, c1, ... where there is no header.</param>
/// <param name="Kind">"number", "category", "text", "id", "date", "constant" or "target".</param>
/// <param name="Missing">Number of rows without a value.</param>
public sealed record ColumnReport(string Name, string Kind, int Missing)
{
    /// <summary>The words that stood for a missing value, most frequent first; empty cells are the empty word.</summary>
    public IReadOnlyList<string> MissingWords { get; init; } = [];

    /// <summary>Why the column is not used; null where it is.</summary>
    public string? Dropped { get; init; }

    /// <summary>Name of the property of <see cref="DataOptions"/> that changes the reading; null where none does.</summary>
    public string? Option { get; init; }
}
