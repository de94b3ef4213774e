namespace Thalweg.Data;

/// <summary>What the columns of a table say of how its rows are to be divided.</summary>
internal static class SplitColumns
{
    /// <summary>Reads labels, groups and times.</summary>
    /// <exception cref="ThalwegException">A value is missing, or times are no numbers or dates.</exception>
    public static SplitRows Of(string place, ITable table, ColumnRoles roles, int[]? labels) => new(place, table.Count, labels)
    {
        Groups = roles.Group < 0 ? null : Groups(place, table.Column(roles.Group)),
        Times = roles.Time < 0 ? null : Times(place, table.Column(roles.Time)),
    };

    private static int[] Groups(string place, TableColumn column)
    {
        RefuseMissing(place, column, "group");
        if (column.HasTooManyCategories)
            throw new ThalwegException($"{place}: column '{column.Name}' has more different texts than can be told apart; group by another");
        if (column.Numbers is not { } numbers)
            return column.Codes!;
        Dictionary<double, int> known = [];
        int[] groups = new int[numbers.Length];
        for (int row = 0; row < groups.Length; row++)
        {
            if (!known.TryGetValue(numbers[row], out groups[row]))
                known.Add(numbers[row], groups[row] = known.Count);
        }

        return groups;
    }

    private static double[] Times(string place, TableColumn column)
    {
        RefuseMissing(place, column, "time");
        return column.Numbers ?? throw new ThalwegException($"{place}: expected numbers or dates in '{column.Name}', the time of the rows, "
            + $"got texts such as '{column.Categories.FirstOrDefault()}'; write dates as 2014-10-13, or choose another column");
    }

    private static void RefuseMissing(string place, TableColumn column, string role)
    {
        if (column.Missing > 0)
        {
            throw new ThalwegException($"{place}: expected a value in each row of '{column.Name}', the {role} of the rows, got "
                + $"{column.Missing} missing; fill them in, or choose another column");
        }
    }
}
