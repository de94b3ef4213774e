namespace Thalweg.Data;

/// <summary>What the columns of a table are wanted for.</summary>
/// <param name="Target">Position of the column to learn.</param>
/// <param name="Ignored">Positions of columns to leave out.</param>
/// <param name="Categorical">Positions of columns that are categories even where they hold numbers.</param>
internal sealed record ColumnRoles(int Target, IReadOnlyList<int> Ignored, IReadOnlyList<int> Categorical)
{
    /// <summary>Position of the column with the weight of each sample; -1 where there is none.</summary>
    public int Weight { get; init; } = -1;

    /// <summary>Position of the column whose rows of one value stay together; -1 where there is none.</summary>
    public int Group { get; init; } = -1;

    /// <summary>Position of the column with the time of each row; -1 where there is none.</summary>
    public int Time { get; init; } = -1;

    /// <summary>Finds the columns that options name.</summary>
    /// <param name="location">File, for errors.</param>
    /// <param name="names">Names of all columns.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ThalwegException">There is no such column, or the target is to be left out.</exception>
    public static ColumnRoles Find(string location, IReadOnlyList<string> names, DataOptions options)
    {
        if (names.Count < 2)
            throw new ThalwegException($"{location}: expected at least two columns, features and a target; found {names.Count}");
        int target = ColumnFinder.Find(location, "target", options.Target ?? "-1", names);
        int[] ignored = [.. options.IgnoredColumns.Select(column => ColumnFinder.Find(location, "ignored", column, names))];
        if (ignored.Contains(target))
            throw new ThalwegException($"{location}: column '{names[target]}' is the target and cannot be ignored");
        int[] categorical = [.. options.CategoricalColumns.Select(column => ColumnFinder.Find(location, "categorical", column, names))];
        int weight = options.SampleWeight is { } name ? ColumnFinder.Find(location, "sample weight", name, names) : -1;
        if (weight == target)
            throw new ThalwegException($"{location}: column '{names[target]}' is the target and cannot be the weight of the samples too");
        int group = options.GroupColumn is { } groups ? ColumnFinder.Find(location, "group", groups, names) : -1;
        int time = options.TimeColumn is { } times ? ColumnFinder.Find(location, "time", times, names) : -1;
        if (group == target)
            throw new ThalwegException($"{location}: column '{names[target]}' is the target and cannot group the rows too");
        return new ColumnRoles(target, ignored, categorical) { Weight = weight, Group = group, Time = time };
    }
}
