using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Thalweg.Models;

/// <summary>Writes the properties of objects of one type as the cells of rows; reading a property takes no memory.</summary>
/// <typeparam name="TRow">The type.</typeparam>
internal sealed class RowProperties<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRow>
    where TRow : class
{
    private readonly RowEncoder _encoder;
    private readonly PropertyWriter<TRow>[] _writers;

    /// <exception cref="ThalwegException">The type lacks a property for a column, or has several.</exception>
    public RowProperties(RowEncoder encoder)
    {
        _encoder = encoder;
        PropertyInfo[] properties =
            [.. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)];
        _writers = [.. encoder.Names.Select(name => PropertyWriter<TRow>.Of(Find(properties, name)))];
    }

    /// <summary>Writes the features of an object.</summary>
    public void Write(TRow row, Span<float> features)
    {
        for (int i = 0; i < _writers.Length; i++)
            _writers[i].Write(row, _encoder, i, features);
    }

    /// <summary>The property of a column: of its name, or of its letters and digits without regard to case.</summary>
    private static PropertyInfo Find(PropertyInfo[] properties, string column)
    {
        if (Array.Find(properties, property => property.Name == column) is { } exact)
            return exact;
        string key = Key(column);
        PropertyInfo[] near = [.. properties.Where(property => Key(property.Name) == key)];
        return near.Length == 1 ? near[0] : throw new ThalwegException(
            $"[predict] expected {typeof(TRow).Name} to have one property for the column '{column}', found "
            + $"{(near.Length == 0 ? string.Join(", ", properties.Select(property => property.Name)) : string.Join(" and ", near.Select(property => property.Name)))}; "
            + "add or rename a property, or use a dictionary");
    }

    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}

/// <summary>Writes one property as a cell.</summary>
internal abstract class PropertyWriter<TRow>
    where TRow : class
{
    public abstract void Write(TRow row, RowEncoder encoder, int column, Span<float> features);

    /// <summary>The writer of a property.</summary>
    public static PropertyWriter<TRow> Of(PropertyInfo property)
    {
        Type type = property.PropertyType;
        return type == typeof(double) ? Number<double>(property, value => value)
            : type == typeof(float) ? Number<float>(property, value => value)
            : type == typeof(int) ? Number<int>(property, value => value)
            : type == typeof(long) ? Number<long>(property, value => value)
            : type == typeof(decimal) ? Number<decimal>(property, value => (double)value)
            : type == typeof(short) ? Number<short>(property, value => value)
            : type == typeof(byte) ? Number<byte>(property, value => value)
            : type == typeof(DateTime) ? Number<DateTime>(property, CellValue.DaysOf)
            : type == typeof(DateOnly) ? Number<DateOnly>(property, value => CellValue.DaysOf(value.ToDateTime(TimeOnly.MinValue)))
            : type == typeof(double?) ? Number<double?>(property, value => value ?? double.NaN)
            : type == typeof(float?) ? Number<float?>(property, value => value ?? double.NaN)
            : type == typeof(int?) ? Number<int?>(property, value => value ?? double.NaN)
            : type == typeof(long?) ? Number<long?>(property, value => value ?? double.NaN)
            : type == typeof(bool) ? new FlagWriter(property.GetMethod!.CreateDelegate<Func<TRow, bool>>())
            : type == typeof(string) ? new TextWriter(property.GetMethod!.CreateDelegate<Func<TRow, string?>>())
            : new ValueWriter(property);
    }

    private static NumberWriter<TValue> Number<TValue>(PropertyInfo property, Func<TValue, double> convert) =>
        new(property.GetMethod!.CreateDelegate<Func<TRow, TValue>>(), convert);

    private sealed class NumberWriter<TValue>(Func<TRow, TValue> read, Func<TValue, double> convert) : PropertyWriter<TRow>
    {
        public override void Write(TRow row, RowEncoder encoder, int column, Span<float> features) =>
            encoder.Write(column, convert(read(row)), features);
    }

    private sealed class FlagWriter(Func<TRow, bool> read) : PropertyWriter<TRow>
    {
        public override void Write(TRow row, RowEncoder encoder, int column, Span<float> features) =>
            encoder.Write(column, read(row), features);
    }

    private sealed class TextWriter(Func<TRow, string?> read) : PropertyWriter<TRow>
    {
        public override void Write(TRow row, RowEncoder encoder, int column, Span<float> features)
        {
            if (read(row) is { } text)
                encoder.Write(column, text, features);
            else
                encoder.WriteMissing(column, features);
        }
    }

    /// <summary>A property of another type: read by reflection, into an object of its own each time.</summary>
    private sealed class ValueWriter(PropertyInfo property) : PropertyWriter<TRow>
    {
        public override void Write(TRow row, RowEncoder encoder, int column, Span<float> features) =>
            CellValue.Write(encoder, column, property.GetValue(row), features);
    }
}
