using System.Globalization;
using System.Text;
using Dapper;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>A query for runs as SQL: every value and every name of a setting or figure is a parameter.</summary>
/// <param name="dialect">The words of the database.</param>
internal sealed class SqlFilter(SqlDialect dialect)
{
    private readonly DynamicParameters _parameters = new();
    private int _count;

    /// <summary>The parameters.</summary>
    public DynamicParameters Parameters => _parameters;

    /// <summary>The runs that are asked for, as a statement that gives their columns in order, and the values of some fields behind
    /// them: the text of a setting; the number of a figure, and its text where it is no number.</summary>
    /// <remarks>No more than is read: of 10,000 runs each column more costs 4 ms.</remarks>
    /// <param name="query">The query.</param>
    /// <param name="fields">The fields, settings and figures.</param>
    public string Select(RunQuery query, IReadOnlyList<RunField> fields)
    {
        StringBuilder columns = new("SELECT r.id, r.host, r.folder, r.name, r.note, r.status, r.started, r.seconds, r.completed_epochs");
        StringBuilder sql = new(" FROM runs r");
        for (int i = 0; i < fields.Count; i++)
        {
            columns.Append(fields[i].Kind == RunFieldKind.Setting
                ? string.Create(CultureInfo.InvariantCulture, $", v{i}.text")
                : string.Create(CultureInfo.InvariantCulture, $", v{i}.number, CASE WHEN v{i}.number IS NULL THEN v{i}.text END"));
            sql.Append(CultureInfo.InvariantCulture, $" LEFT JOIN run_values v{i} ON {Join($"v{i}", fields[i])}");
        }

        RunField order = query.OrderBy ?? RunField.Started;
        int shown = fields.ToList().IndexOf(order);
        string sorted = shown < 0 ? "s" : string.Create(CultureInfo.InvariantCulture, $"v{shown}");
        if (order.Kind != RunFieldKind.Column && shown < 0)
            sql.Append(CultureInfo.InvariantCulture, $" LEFT JOIN run_values s ON {Join("s", order)}");
        if (query.Where is { } filter)
            sql.Append(CultureInfo.InvariantCulture, $" WHERE {Where(filter)}");
        string direction = query.Descending ? " DESC" : "";
        sql.Append(order.Kind == RunFieldKind.Column
            ? $" ORDER BY (r.{ColumnOf(order)} IS NULL), r.{ColumnOf(order)}{direction}"
            : $" ORDER BY ({sorted}.run_id IS NULL), ({sorted}.number IS NULL){direction}, {sorted}.number{direction}, "
                + $"{sorted}.text{direction}");
        sql.Append(", r.folder, r.host");
        if (query.Limit is { } limit)
            sql.Append(CultureInfo.InvariantCulture, $" LIMIT {Parameter(limit)}");
        return columns.Append(sql).ToString();
    }

    private string Join(string table, RunField field) =>
        $"{table}.run_id = r.id AND {table}.kind = {Kind(field)} AND {table}.key = {Parameter(field.Key)}";

    /// <summary>The number of a kind in the table of values.</summary>
    public static int Kind(RunField field) => field.Kind == RunFieldKind.Setting ? 0 : 1;

    /// <summary>Never null: a field that is not there stands in no relation, and its negation then holds.</summary>
    private string Where(RunFilter filter) => filter switch
    {
        RunFilter.And both => $"({Where(both.Left)} AND {Where(both.Right)})",
        RunFilter.Or either => $"({Where(either.Left)} OR {Where(either.Right)})",
        RunFilter.Not not => $"(NOT {Where(not.Inner)})",
        RunFilter.Compare { Comparison: RunComparison.NotEqual } unequal =>
            $"(NOT {Where(unequal with { Comparison = RunComparison.Equal })})",
        RunFilter.Compare { Field.Kind: RunFieldKind.Tag } tag =>
            $"EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id AND {Text("t.tag", tag)})",
        RunFilter.Compare { Field.Kind: RunFieldKind.Column } column =>
            $"COALESCE({(column.Comparison != RunComparison.Contains && column.Number is { } number && IsNumber(column.Field)
                ? $"r.{ColumnOf(column.Field)} {Sign(column)} {Parameter(number)}" : Text(TextOf(column.Field), column))}, FALSE)",
        RunFilter.Compare value => $"EXISTS (SELECT 1 FROM run_values v WHERE v.run_id = r.id AND v.kind = {Kind(value.Field)} "
            + $"AND v.key = {Parameter(value.Field.Key)} AND {Value(value)})",
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private string Value(RunFilter.Compare value)
    {
        if (value.Comparison == RunComparison.Contains || value.Number is not { } number)
            return Text("v.text", value);
        string asNumber = $"v.number {Sign(value)} {Parameter(number)}";
        return value.Field.Kind == RunFieldKind.Metric ? asNumber
            : $"(CASE WHEN v.number IS NULL THEN {Text("v.text", value)} ELSE {asNumber} END)";
    }

    private string Text(string column, RunFilter.Compare compare) => compare.Comparison == RunComparison.Contains
        ? $"{dialect.Find}({column}, {Parameter(compare.Text)}) > 0"
        : $"{column} {Sign(compare)} {Parameter(compare.Text)}";

    private static string TextOf(RunField field) => IsNumber(field) ? $"CAST(r.{ColumnOf(field)} AS text)" : $"r.{ColumnOf(field)}";

    private static bool IsNumber(RunField field) => field.Key is "seconds" or "completed_epochs";

    /// <summary>The column of a field: the only name that goes into a statement as it is.</summary>
    private static string ColumnOf(RunField field) => field.Key switch
    {
        "folder" or "host" or "name" or "note" or "status" or "started" or "seconds" or "completed_epochs" => field.Key,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Key, "no column of a run"),
    };

    private static string Sign(RunFilter.Compare compare) => compare.Comparison switch
    {
        RunComparison.Equal => "=",
        RunComparison.Less => "<",
        RunComparison.LessOrEqual => "<=",
        RunComparison.Greater => ">",
        RunComparison.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(compare)),
    };

    private string Parameter(object value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"p{_count++}");
        _parameters.Add(name, value);
        return $"@{name}";
    }
}
