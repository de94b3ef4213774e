namespace Thalweg.Data;

/// <summary>What a data source holds, before anything is fitted.</summary>
public sealed record DataDescription
{
    /// <summary>Name or path by which it was opened.</summary>
    public required string Name { get; init; }

    /// <summary>Kind in words: "CSV", "IDX images", "NumPy arrays", "built-in images", ...</summary>
    public required string Kind { get; init; }

    /// <summary>Number of rows (samples) without those of separate test data.</summary>
    public required int Rows { get; init; }

    /// <summary>Number of rows that were left out because they lack a target; they are not among <see cref="Rows"/>.</summary>
    public int RowsWithoutTarget { get; init; }

    /// <summary>Number of rows of separate test data; 0 where there are none, or not yet known.</summary>
    public int TestRows { get; init; }

    /// <summary>Shape of one item of an array, such as [1, 28, 28]; empty for tables.</summary>
    public IReadOnlyList<int> ItemShape { get; init; } = [];

    /// <summary>The columns of a table; empty for arrays.</summary>
    public IReadOnlyList<ColumnDescription> Columns { get; init; } = [];

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>What is learned.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>The classes with their number of rows; empty for regression.</summary>
    public IReadOnlyList<ClassDescription> Classes { get; init; } = [];

    /// <summary>Missing values in all columns together.</summary>
    public int MissingValues => Reading.Columns.Sum(column => column.Missing);

    /// <summary>How the data were read, with what each column is taken for and why some are dropped.</summary>
    public required ReadingReport Reading { get; init; }

    /// <summary>What else is to be known, such as rows left out for want of a target.</summary>
    public IReadOnlyList<DataNote> Notes => Reading.Notes;
}

/// <summary>One column of a table.</summary>
/// <param name="Index">0-based position.</param>
/// <param name="Name">Name; c0, c1, ... where there is no header.</param>
/// <param name="Role">"numeric", "categorical", "target", "weight", "group" or "ignored".</param>
/// <param name="Missing">Number of <see cref="DataDescription.Rows"/> without a value.</param>
/// <param name="Distinct">Number of different values in those rows.</param>
/// <param name="Summary">Range of the numbers, or the most frequent categories.</param>
public sealed record ColumnDescription(int Index, string Name, string Role, int Missing, int Distinct, string Summary);

/// <summary>One class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Number of its rows.</param>
public sealed record ClassDescription(string Name, int Rows);
