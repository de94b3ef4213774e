namespace Thalweg.Data;

/// <summary>Which columns of new data are which of the training data.</summary>
/// <param name="Places">Position in the new data of each column of the preprocessing; -1 for dropped ones that are absent.</param>
/// <param name="Target">Position of the target; -1 where it is absent.</param>
/// <param name="Ignored">Names of columns that the training data did not have.</param>
internal sealed record ColumnMatch(int[] Places, int Target, string[] Ignored)
{
    private const int MostNames = 20;

    /// <summary>Matches by name where both sides have names, else by position.</summary>
    /// <exception cref="ThalwegException">Columns are missing: they are named.</exception>
    public static ColumnMatch Find(string place, Preprocessing preprocessing, string[] names, bool isNamed, bool requireTarget)
    {
        ColumnMatch match = isNamed && preprocessing.HasColumnNames
            ? FindByName(place, preprocessing, names)
            : FindByPosition(place, preprocessing, names.Length);
        if (requireTarget && match.Target < 0)
            throw new ThalwegException($"{place}: the target column '{preprocessing.Target.Name}' is missing; "
                + "evaluation needs it (prediction does not)");
        return requireTarget ? match : match with { Target = -1 };
    }

    /// <summary>How each column of the new data is to be read.</summary>
    public ColumnReading[] Readings(Preprocessing preprocessing, int columnCount)
    {
        ColumnReading[] readings = new ColumnReading[columnCount];
        Array.Fill(readings, ColumnReading.Skip);
        for (int i = 0; i < Places.Length; i++)
        {
            ColumnEncoding column = preprocessing.Columns![i];
            if (column is not DroppedColumn)
                readings[Places[i]] = column is NumericEncoding ? ColumnReading.Numbers : ColumnReading.Categories;
        }

        if (Target >= 0)
            readings[Target] = preprocessing.Task == TaskKind.Regression ? ColumnReading.Numbers : ColumnReading.Categories;
        return readings;
    }

    private static ColumnMatch FindByName(string place, Preprocessing preprocessing, string[] names)
    {
        int[] places = [.. preprocessing.Columns!.Select(column => IndexOf(names, column.Name))];
        string[] missing = [.. preprocessing.Columns!
            .Where((column, i) => places[i] < 0 && column is not DroppedColumn).Select(column => $"'{column.Name}'")];
        if (missing.Length > 0)
        {
            throw new ThalwegException($"{place}: {(missing.Length == 1 ? "the column" : "the columns")} {List(missing)} of the "
                + "training data "
                + $"{(missing.Length == 1 ? "is" : "are")} missing; the data has: {List(names)}");
        }

        int target = IndexOf(names, preprocessing.Target.Name);
        string[] ignored = [.. names.Where((_, i) => i != target && !places.Contains(i))];
        return new ColumnMatch(places, target, ignored);
    }

    private static ColumnMatch FindByPosition(string place, Preprocessing preprocessing, int count)
    {
        int target = preprocessing.Target.Index;
        int features = preprocessing.Columns!.Count, all = features + (target >= 0 ? 1 : 0);
        if (count != all && count != features)
        {
            string[] names = [.. preprocessing.Columns.Select(column => column.Name)];
            throw new ThalwegException($"{place}: expected {features} columns as in the training data ({List(names)})"
                + $"{(target >= 0 ? $", or {all} with the target '{preprocessing.Target.Name}' at {target}" : "")}; found {count}");
        }

        bool hasTarget = count == all && target >= 0;
        bool isTargetCutOut = !hasTarget && target >= 0;
        int[] places = [.. preprocessing.Columns.Select(
            column => isTargetCutOut && column.Index > target ? column.Index - 1 : column.Index)];
        return new ColumnMatch(places, hasTarget ? target : -1, []);
    }

    private static int IndexOf(string[] names, string name)
    {
        int exact = Array.IndexOf(names, name);
        return exact >= 0 ? exact : Array.FindIndex(names, other => other.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static string List(string[] names) =>
        names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and "
            + $"{names.Length - MostNames} more";
}
