using System.Globalization;

namespace Thalweg.Data;

/// <summary>Finds columns that training should not see: those that name the rows or hold the target, and dates by which training looks into
/// the future.</summary>
internal static class ColumnLeakage
{
    /// <summary>Rows that are looked at, evenly spread over the training rows.</summary>
    private const int MostRows = 20_000;

    private const int LeastRows = 50, FewValues = 20;
    private const double Pure = 0.999, Correlated = 0.9999, OneClass = 0.99, InOrder = 0.99;

    /// <summary>Looks at the columns of a table.</summary>
    /// <param name="table">All rows.</param>
    /// <param name="roles">What the columns are wanted for.</param>
    /// <param name="fitter">The target.</param>
    /// <param name="split">The parts, and what was fitted to the training rows.</param>
    public static IReadOnlyList<DataNote> Of(
        ITable table, ColumnRoles roles, TargetFitter fitter, (SplitParts Parts, Preprocessing Preprocessing) split)
    {
        NoteList notes = new();
        int[] training = split.Parts.Training;
        if (training.Length < LeastRows || !table.IsInMemory)
            return [];
        int[] rows = [.. Enumerable.Range(0, Math.Min(MostRows, training.Length))
            .Select(i => training[(int)((long)i * training.Length / Math.Min(MostRows, training.Length))])];
        TableColumn target = table.Column(roles.Target);
        foreach (ColumnEncoding encoding in split.Preprocessing.Columns!.Where(column => column is not DroppedColumn))
        {
            TableColumn column = table.Column(encoding.Index);
            if (encoding.Index != roles.Time && column.Dates is null)
                AddIdentifier(notes, column, rows, table.Count);
            if (fitter.Labels is { } labels)
                AddClassCopy(notes, column, (rows, labels, fitter.ClassNames));
            else
                AddNumberCopy(notes, column, rows, target.Numbers!);
            if (column.Dates is not null && roles.Time < 0 && roles.Group < 0 && split.Parts.Validation.Length > 0)
                AddTime(notes, column, split.Parts);
        }

        return notes.ToList();
    }

    private static void AddIdentifier(NoteList notes, TableColumn column, int[] rows, int count)
    {
        if (column.Numbers is not { } numbers || column.Missing > 0)
            return;
        (double least, double most) = (numbers.Min(), numbers.Max());
        HashSet<double> seen = [];
        if (most - least + 1 > 2.0 * count || rows.Any(row => numbers[row] != Math.Floor(numbers[row]) || !seen.Add(numbers[row])))
            return;
        string examples = string.Join(", ", rows.Take(3).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{numbers[row]:R} in row {row + 1}")));
        notes.Add(LeakageCheck.Kind, column.Name,
            $" holds another whole number in each row, as a number of the rows does ({examples}); it says nothing of new rows",
            "hold another whole number in each row, as a number of the rows does", nameof(DataOptions.IgnoredColumns));
    }

    /// <summary>A column of few values each of which goes with one class.</summary>
    private static void AddClassCopy(NoteList notes, TableColumn column, (int[] Rows, int[] Labels, string[] Names) target)
    {
        Dictionary<string, int[]> counts = [];
        int[] classes = new int[target.Names.Length];
        foreach (int row in target.Rows)
        {
            if (column.IsMissing(row))
                continue;
            string value = column.TextOf(row);
            if (!counts.TryGetValue(value, out int[]? own))
            {
                if (counts.Count == Math.Max(FewValues, 2 * classes.Length))
                    return;
                counts.Add(value, own = new int[classes.Length]);
            }

            own[target.Labels[row]]++;
            classes[target.Labels[row]]++;
        }

        int seen = classes.Sum(), pure = counts.Values.Sum(own => own.Max());
        if (seen < LeastRows || classes.Max() > OneClass * seen || pure < Pure * seen)
            return;
        string examples = string.Join(", ", counts.Take(3).Select(pair =>
            $"{CellText.Quote(pair.Key)} goes with {CellText.Quote(target.Names[Array.IndexOf(pair.Value, pair.Value.Max())])}"));
        notes.Add(LeakageCheck.Kind, column.Name,
            string.Create(CultureInfo.InvariantCulture, $" tells the target in {pure:#,0} of {seen:#,0} training rows ({examples}); ")
            + "is it known before the target is?", "tell the target in almost all training rows", nameof(DataOptions.IgnoredColumns));
    }

    private static void AddNumberCopy(NoteList notes, TableColumn column, int[] rows, double[] target)
    {
        if (column.Numbers is not { } numbers)
            return;
        int[] known = [.. rows.Where(row => !column.IsMissing(row))];
        if (known.Length < LeastRows)
            return;
        double mean = known.Average(row => numbers[row]), meanTarget = known.Average(row => target[row]);
        double product = 0, square = 0, squareTarget = 0;
        foreach (int row in known)
        {
            (double x, double y) = (numbers[row] - mean, target[row] - meanTarget);
            (product, square, squareTarget) = (product + (x * y), square + (x * x), squareTarget + (y * y));
        }

        double correlation = Math.Abs(product) / Math.Sqrt(square * squareTarget);
        if (!(correlation >= Correlated))
            return;
        string examples = string.Join(", ", known.Take(3).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{numbers[row]:g6} with {target[row]:g6} in row {row + 1}")));
        notes.Add(LeakageCheck.Kind, column.Name,
            string.Create(CultureInfo.InvariantCulture, $" is the target but for scale and offset, correlation {correlation:0.00000} ")
            + $"({examples}); is it known before the target is?", "are the target but for scale and offset", nameof(DataOptions.IgnoredColumns));
    }

    /// <summary>Dates in whose order the rows lie, while the parts are drawn by chance.</summary>
    private static void AddTime(NoteList notes, TableColumn column, SplitParts parts)
    {
        double[] times = [.. column.Numbers!.Where(time => !double.IsNaN(time))];
        int up = 0, down = 0, same = 0;
        for (int i = 1; i < times.Length; i++)
        {
            int sign = times[i].CompareTo(times[i - 1]);
            (up, down, same) = (up + (sign > 0 ? 1 : 0), down + (sign < 0 ? 1 : 0), same + (sign == 0 ? 1 : 0));
        }

        if (up + down < FewValues || Math.Max(up, down) + same < InOrder * (times.Length - 1))
            return;
        int last = parts.Training.Where(row => !column.IsMissing(row)).MaxBy(row => column.Numbers![row]);
        int[] earlier = [.. parts.Validation.Where(row => column.Numbers![row] < column.Numbers![last])];
        if (earlier.Length == 0)
            return;
        notes.Add(LeakageCheck.Kind, column.Name, string.Create(CultureInfo.InvariantCulture,
            $" orders the rows in time, and training rows are later than {earlier.Length:#,0} of {parts.Validation.Length:#,0} validation "
            + $"rows, as row {last + 1} ({column.TextOf(last)}) is than row {earlier[0] + 1} ({column.TextOf(earlier[0])}); ")
            + "to predict what comes later, divide the rows in order of time",
            "order the rows in time, while training rows are later than validation rows", nameof(DataOptions.TimeColumn));
    }
}
