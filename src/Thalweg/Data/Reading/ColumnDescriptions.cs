using System.Collections;
using System.Globalization;

namespace Thalweg.Data;

/// <summary>Descriptions of the columns of a table, each made when it is asked for: counting different values takes time.</summary>
/// <remarks>Where rows are in memory, the next columns are described at the same time, one on each thread.</remarks>
internal sealed class ColumnDescriptions(ITable table, ColumnRoles roles) : IReadOnlyList<ColumnDescription>
{
    private readonly ColumnDescription?[] _known = new ColumnDescription?[table.Names.Length];

    public int Count => _known.Length;

    public ColumnDescription this[int index]
    {
        get
        {
            if (_known[index] is null)
                DescribeFrom(index);
            return _known[index]!;
        }
    }

    public IEnumerator<ColumnDescription> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void DescribeFrom(int index)
    {
        int end = table.IsInMemory ? Math.Min(index + Threads.Current, Count) : index + 1;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Threads.Current };
        Parallel.For(index, end, options, column => _known[column] ??= Describe(table.Column(column), column));
    }

    private ColumnDescription Describe(TableColumn column, int index)
    {
        string role = index == roles.Target ? "target"
            : roles.Ignored.Contains(index) ? "ignored"
            : index == roles.Weight ? "weight"
            : index == roles.Group ? "group"
            : column.Numbers is null ? "categorical" : "numeric";
        string summary = column.Numbers is { } numbers ? DescribeRange(column, numbers) : DescribeFrequent(column);
        return new ColumnDescription(index, column.Name, role, column.Missing, column.CountDistinct(), summary);
    }

    private static string DescribeRange(TableColumn column, double[] numbers)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double number in numbers)
        {
            // A missing value is NaN, which is neither less nor more.
            least = number < least ? number : least;
            most = number > most ? number : most;
        }

        if (column.Missing == numbers.Length)
            return "no values";
        return column.Dates is not null
            ? $"{DateCell.Write(least)} to {DateCell.Write(most)}"
            : string.Create(CultureInfo.InvariantCulture, $"{least:g6} to {most:g6}");
    }

    private static string DescribeFrequent(TableColumn column)
    {
        IEnumerable<KeyValuePair<int, int>> frequent = column.Codes!.Where(code => code >= 0).CountBy(code => code)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => column.Categories[pair.Key], StringComparer.Ordinal).Take(3);
        return string.Join(", ", frequent.Select(pair => $"{column.Categories[pair.Key]} ({pair.Value})"));
    }
}
