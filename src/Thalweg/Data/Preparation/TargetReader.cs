namespace Thalweg.Data;

/// <summary>Reads the targets of new data as a model counts them.</summary>
internal static class TargetReader
{
    /// <summary>Classes, or standardized numbers, of a column without missing values.</summary>
    /// <param name="location">File, for errors.</param>
    /// <param name="preprocessing">The preprocessing of the model.</param>
    /// <param name="column">The target column of the new data.</param>
    /// <param name="lines">1-based line of each row; empty where the data is no text.</param>
    /// <exception cref="ThalwegException">A row has a class that the model does not know.</exception>
    public static (int[]? Labels, float[]? Targets) Encode(string location, Preprocessing preprocessing, TableColumn column, long[] lines)
    {
        TargetEncoding target = preprocessing.Target;
        if (!preprocessing.Task.HasClasses)
            return (null, [.. Numbers(location, column).Select(value => (float)target.Standardize(value))]);

        TableColumn categories = column.AsCategories();
        int[] classOf = [.. categories.Categories.Select(target.ClassFinder(preprocessing.KnowsByNumber(target.AreNumbers)))];
        int unknown = Array.FindIndex(categories.Codes!, code => classOf[code] < 0);
        if (unknown >= 0)
        {
            throw new ThalwegException($"{location}: {(lines.Length > 0 ? $"line {lines[unknown]}" : $"item {unknown}")}: the model does "
                + "not know the class "
                + $"{CellText.Quote(categories.TextOf(unknown))}; it knows: {string.Join(", ", target.ClassNames.Take(20))}; "
                + "fix the cell, or leave it empty for a missing value (DataOptions.MissingWords names other words)");
        }

        return ([.. categories.Codes!.Select(code => classOf[code])], null);
    }

    private static double[] Numbers(string location, TableColumn column) => column.Numbers ?? throw new ThalwegException(
        $"{location}: expected numbers in the target '{column.Name}' as in the training data, got texts such as "
        + $"{CellText.Quote(column.Categories.FirstOrDefault() ?? "")}; give the target that the model was trained on");
}
