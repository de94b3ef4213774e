using System.Globalization;

namespace Thalweg.Data;

/// <summary>Values of one column in some rows of a table that a <see cref="DataFormat"/> reads.</summary>
public sealed class ColumnValues
{
    private ColumnValues(string name, ColumnValuesKind kind, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        (Name, Kind, Count) = (name, kind, count);
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    internal ColumnValuesKind Kind { get; }

    /// <summary>Of numbers and dates (days since 1970-01-01): the values, NaN where missing.</summary>
    internal double[] Values { get; private init; } = [];

    /// <summary>Of integers: their bits.</summary>
    internal long[] Bits { get; private init; } = [];

    /// <summary>Of texts, and of numbers and dates that a double does not hold: as they are written, null where missing.</summary>
    internal string?[]? Written { get; private init; }

    /// <summary>Numbers in double precision.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The numbers; NaN stands for a missing one, infinite ones count as missing.</param>
    public static ColumnValues Numbers(string name, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.Number, values.Length) { Values = [.. values] };
    }

    /// <summary>Integers, each exact: as classes and in exported rows those beyond 2^53 stay what they are.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The integers; null stands for a missing one.</param>
    public static ColumnValues Integers(string name, long?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.Integer, values.Length)
        {
            Values = [.. values.Select(value => value is { } number ? number : double.NaN)],
            Bits = [.. values.Select(value => value ?? 0)],
        };
    }

    /// <summary>Integers from 0 to 2^64 - 1, each exact.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The integers; null stands for a missing one.</param>
    public static ColumnValues UnsignedIntegers(string name, ulong?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.UnsignedInteger, values.Length)
        {
            Values = [.. values.Select(value => value is { } number ? number : double.NaN)],
            Bits = [.. values.Select(value => unchecked((long)(value ?? 0)))],
        };
    }

    /// <summary>Decimal numbers of any number of digits: as features the nearest doubles, as classes and in exported rows as they are
    /// written.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The numbers in the invariant culture, such as <c>-12.50</c>; null stands for a missing one.</param>
    /// <exception cref="FormatException">A text is no number.</exception>
    public static ColumnValues Decimals(string name, string?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.Number, values.Length)
        {
            Values = [.. values.Select(value =>
                value is null ? double.NaN : double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture))],
            Written = [.. values],
        };
    }

    /// <summary>Texts: categories, or classes.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The texts; null or an empty one stands for a missing one.</param>
    public static ColumnValues Texts(string name, string?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.Text, values.Length) { Written = [.. values] };
    }

    /// <summary>Dates, with or without a time of day: as features days since 1970-01-01.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="values">The dates as they stand on the clock, whatever their <see cref="DateTime.Kind"/>; null stands for a missing
    /// one.</param>
    public static ColumnValues Dates(string name, DateTime?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, ColumnValuesKind.Date, values.Length)
        {
            Values = [.. values.Select(value => value is { } date ? (double)(date.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerDay
                : double.NaN)],
            Written = [.. values.Select(value => value is { } date ? Text(date) : null)],
        };
    }

    private static string Text(DateTime date) => date.ToString(
        date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}

/// <summary>What a <see cref="ColumnValues"/> holds.</summary>
internal enum ColumnValuesKind
{
    Number,
    Integer,
    UnsignedInteger,
    Text,
    Date,
}
