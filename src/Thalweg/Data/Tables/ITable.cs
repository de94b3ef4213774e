namespace Thalweg.Data;

/// <summary>Raw rows by column, in memory or in a temporary file.</summary>
internal interface ITable
{
    /// <summary>Names of the columns.</summary>
    string[] Names { get; }

    /// <summary>Number of rows.</summary>
    int Count { get; }

    /// <summary>Whether all rows are in memory.</summary>
    bool IsInMemory { get; }

    /// <summary>A whole column.</summary>
    TableColumn Column(int index);

    /// <summary>Missing values of a column.</summary>
    int Missing(int index);

    /// <summary>Infinite values of a column, which count as missing.</summary>
    int Infinite(int index);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1, in memory.</summary>
    Table Block(int start, int count);

    /// <summary>The same columns with some rows alone.</summary>
    ITable Select(int[] rows);

    /// <summary>The same rows with some columns of numbers as categories.</summary>
    ITable WithCategories(IReadOnlyCollection<int> columns);
}
