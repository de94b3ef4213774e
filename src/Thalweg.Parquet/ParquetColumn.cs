using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Thalweg.Data;

/// <summary>One column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Reads its values of a group of rows.</param>
internal sealed record ParquetColumn(string Name, Func<ParquetRowGroupReader, ColumnValues> Read)
{
    /// <summary>The column of a field.</summary>
    /// <exception cref="ThalwegException">Its type has no form in a table, and the options do not ignore it.</exception>
    public static ParquetColumn Of(string path, Field field, DataOptions options)
    {
        string name = field.Name;
        if (field is DataField { IsArray: false, MaxRepetitionLevel: 0 } data && ReaderOf(data) is { } read)
            return new(name, rows => read(name, rows));
        if (options.IgnoredColumns.Contains(name))
            return new(name, rows => ColumnValues.Texts(name, new string?[Count(rows)]));
        string type = field is not DataField { IsArray: false } other ? $"a {field.SchemaType}".ToLowerInvariant()
            : other.ClrType == typeof(ReadOnlyMemory<byte>) ? "bytes" : other.ClrType.Name;
        throw new ThalwegException($"{path}: expected columns of numbers, texts, dates or truth values, found '{name}' of {type}; ignore it "
            + $"(DataOptions.{nameof(DataOptions.IgnoredColumns)}), or leave it out when writing the file");
    }

    private static Func<string, ParquetRowGroupReader, ColumnValues>? ReaderOf(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.SByte => Numbers<sbyte>(field),
        TypeCode.Byte => Numbers<byte>(field),
        TypeCode.Int16 => Numbers<short>(field),
        TypeCode.UInt16 => Numbers<ushort>(field),
        TypeCode.Int32 => Numbers<int>(field),
        TypeCode.UInt32 => Numbers<uint>(field),
        TypeCode.Single => Numbers<float>(field),
        TypeCode.Double => Numbers<double>(field),
        TypeCode.Int64 => (name, rows) => ColumnValues.Integers(name, Values<long>(field, rows)),
        TypeCode.UInt64 => (name, rows) => ColumnValues.UnsignedIntegers(name, Values<ulong>(field, rows)),
        TypeCode.Boolean => Texts<bool>(field, value => value ? "true" : "false"),
        TypeCode.Decimal => (name, rows) => ColumnValues.Decimals(
            name, Written(Values<decimal>(field, rows), value => value.ToString(CultureInfo.InvariantCulture))),
        TypeCode.DateTime => (name, rows) => ColumnValues.Dates(name, Values<DateTime>(field, rows)),
        _ => OtherReaderOf(field),
    };

    private static Func<string, ParquetRowGroupReader, ColumnValues>? OtherReaderOf(DataField field) => field.ClrType switch
    {
        // The package holds texts as slices of what it read.
        { } type when type == typeof(string) || type == typeof(ReadOnlyMemory<char>) =>
            (name, rows) => ColumnValues.Texts(name, Strings(field, rows)),
        { } type when type == typeof(Half) => Numbers<Half>(field),
        { } type when type == typeof(Guid) => Texts<Guid>(field, value => value.ToString()),
        { } type when type == typeof(BigDecimal) => (name, rows) => ColumnValues.Decimals(
            name, Written(Values<BigDecimal>(field, rows), Text)),
        { } type when type == typeof(DateOnly) => (name, rows) => ColumnValues.Dates(
            name, [.. Values<DateOnly>(field, rows).Select(value => value?.ToDateTime(TimeOnly.MinValue))]),
        _ => null,
    };

    private static Func<string, ParquetRowGroupReader, ColumnValues> Numbers<T>(DataField field)
        where T : struct, INumber<T> => (name, rows) => ColumnValues.Numbers(
            name, [.. Values<T>(field, rows).Select(value => value is { } number ? double.CreateTruncating(number) : double.NaN)]);

    private static Func<string, ParquetRowGroupReader, ColumnValues> Texts<T>(DataField field, Func<T, string> text)
        where T : struct => (name, rows) => ColumnValues.Texts(name, Written(Values<T>(field, rows), text));

    private static string?[] Written<T>(T?[] values, Func<T, string> text)
        where T : struct => [.. values.Select(value => value is { } present ? text(present) : null)];

    private static string Text(BigDecimal value)
    {
        string digits = BigInteger.Abs(value.UnscaledValue).ToString(CultureInfo.InvariantCulture).PadLeft(value.Scale + 1, '0');
        string sign = value.UnscaledValue.Sign < 0 ? "-" : "";
        return value.Scale == 0 ? sign + digits : $"{sign}{digits[..^value.Scale]}.{digits[^value.Scale..]}";
    }

    private static T?[] Values<T>(DataField field, ParquetRowGroupReader rows)
        where T : struct
    {
        if (field.IsNullable)
        {
            T?[] values = new T?[Count(rows)];
            rows.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values;
        }

        T[] present = new T[Count(rows)];
        rows.ReadAsync<T>(field, present.AsMemory()).AsTask().GetAwaiter().GetResult();
        return [.. present.Select(value => (T?)value)];
    }

    private static string?[] Strings(DataField field, ParquetRowGroupReader rows)
    {
        string?[] values = new string?[Count(rows)];
        rows.ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static int Count(ParquetRowGroupReader rows) => checked((int)rows.RowCount);
}
