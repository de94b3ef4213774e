namespace Thalweg.Data;

/// <summary>Rows of each part, ascending.</summary>
internal readonly record struct SplitParts(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>Rows of the fold that is held out of training and validation; null for none.</summary>
    public int[]? Holdout { get; init; }
}

/// <summary>What is known of the rows that are divided.</summary>
/// <param name="Place">What is divided, for errors.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Labels">Class of each row; null where they have none, and are divided evenly as a whole.</param>
internal sealed record SplitRows(string Place, int Count, int[]? Labels)
{
    /// <summary>Group of each row, from 0: rows of a group stay together. Null for none.</summary>
    public int[]? Groups { get; init; }

    /// <summary>Time of each row, in whatever unit: validation rows come after training rows, test rows last. Null for none.</summary>
    public double[]? Times { get; init; }

    /// <summary>Whether test data are separate, so that none are taken here.</summary>
    public bool IsTestGiven { get; init; }

    /// <summary>Whether validation data are separate, so that none are taken here.</summary>
    public bool IsValidationGiven { get; init; }
}
