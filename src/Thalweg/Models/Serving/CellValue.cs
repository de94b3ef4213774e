using System.Text.Json;

namespace Thalweg.Models;

/// <summary>Writes a value of C# as a cell.</summary>
internal static class CellValue
{
    /// <summary>Writes the value of a column.</summary>
    /// <param name="encoder">Knows the columns.</param>
    /// <param name="column">Number of the column.</param>
    /// <param name="value">A number, a string, true or false, a date, an enumeration, a JSON value, or null for a missing one.</param>
    /// <param name="features">Features of the row.</param>
    /// <exception cref="ThalwegException">The value is of another type, or does not fit the column.</exception>
    public static void Write(RowEncoder encoder, int column, object? value, Span<float> features)
    {
        switch (value)
        {
            case null or DBNull:
                encoder.WriteMissing(column, features);
                break;
            case string text:
                encoder.Write(column, text, features);
                break;
            case bool flag:
                encoder.Write(column, flag, features);
                break;
            case JsonElement json:
                Write(encoder, column, json, features);
                break;
            case DateTime date:
                encoder.Write(column, DaysOf(date), features);
                break;
            case DateTimeOffset date:
                encoder.Write(column, DaysOf(date.UtcDateTime), features);
                break;
            case DateOnly date:
                encoder.Write(column, DaysOf(date.ToDateTime(TimeOnly.MinValue)), features);
                break;
            case Enum name:
                encoder.Write(column, name.ToString(), features);
                break;
            default:
                encoder.Write(column, NumberOf(value) ?? throw new ThalwegException($"[predict] column '{encoder.Names[column]}': expected "
                    + $"a number, a string, a date or true or false, got a {value.GetType().Name}; convert it"), features);
                break;
        }
    }

    /// <summary>Days since 1970-01-01; a time without a zone counts as universal time.</summary>
    public static double DaysOf(DateTime date) => (date - DateTime.UnixEpoch).TotalDays;

    private static void Write(RowEncoder encoder, int column, JsonElement json, Span<float> features)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                encoder.WriteMissing(column, features);
                break;
            case JsonValueKind.Number:
                encoder.Write(column, json.GetDouble(), features);
                break;
            case JsonValueKind.String:
                encoder.Write(column, json.GetString(), features);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                encoder.Write(column, json.ValueKind == JsonValueKind.True, features);
                break;
            default:
                throw new ThalwegException(
                    $"[predict] column '{encoder.Names[column]}': expected one value, got a JSON {json.ValueKind}; give a number or a string");
        }
    }

    private static double? NumberOf(object value) => value switch
    {
        double number => number,
        float number => number,
        int number => number,
        long number => number,
        decimal number => (double)number,
        short number => number,
        byte number => number,
        uint number => number,
        ulong number => number,
        ushort number => number,
        sbyte number => number,
        Half number => (double)number,
        _ => null,
    };
}
