namespace Thalweg.Data;

/// <summary>Says what each column of a table was taken for.</summary>
internal static class ColumnReports
{
    /// <summary>The reports, in the order of the table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="encodings">The columns but for the target, in order.</param>
    /// <param name="facts">What was found in the cells of each column; null where they are no text.</param>
    public static IReadOnlyList<ColumnReport> Of(
        ITable table, IReadOnlyList<ColumnEncoding> encodings, IReadOnlyList<ColumnFacts>? facts)
    {
        string[] names = table.Names;
        ColumnEncoding?[] byPosition = new ColumnEncoding?[names.Length];
        foreach (ColumnEncoding encoding in encodings)
            byPosition[encoding.Index] = encoding;
        return [.. names.Select((name, index) =>
            Of(name, table.Missing(index), byPosition[index]) with { MissingWords = Words(facts?[index]) })];
    }

    private static ColumnReport Of(string name, int missing, ColumnEncoding? encoding) => encoding switch
    {
        null => new ColumnReport(name, "target", missing) { Option = nameof(DataOptions.Target) },
        DroppedColumn dropped => new ColumnReport(name, dropped.Kind ?? "ignored", missing)
        {
            Dropped = dropped.Reason,
            Option = nameof(DataOptions.IgnoredColumns),
        },
        NumericEncoding { Dates: not null } => new ColumnReport(name, "date", missing) { Option = nameof(DataOptions.CategoricalColumns) },
        NumericEncoding { Deviation: 0 } => new ColumnReport(name, "constant", missing) { Option = nameof(DataOptions.IgnoredColumns) },
        NumericEncoding => new ColumnReport(name, "number", missing) { Option = nameof(DataOptions.CategoricalColumns) },
        _ => new ColumnReport(name, "category", missing) { Option = nameof(DataOptions.IgnoredColumns) },
    };

    private static IReadOnlyList<string> Words(ColumnFacts? facts)
    {
        if (facts is null || (facts.Empty == 0 && facts.Words.Count == 0))
            return [];
        IEnumerable<KeyValuePair<string, long>> empty = facts.Empty > 0 ? [new KeyValuePair<string, long>("", facts.Empty)] : [];
        return [.. facts.Words.Concat(empty).OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => word.Key)];
    }
}
