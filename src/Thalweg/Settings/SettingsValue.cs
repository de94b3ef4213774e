using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Thalweg;

/// <summary>Reads a value from a text form.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
/// <param name="node">What was written.</param>
/// <param name="value">The value.</param>
/// <returns>Whether it is one.</returns>
public delegate bool SettingsValueReader<T>(SettingsNode node, [MaybeNullWhen(false)] out T value);

/// <summary>How values of one type are written in text forms.</summary>
/// <remarks>
/// Known without it are bool, int, long, ulong, double, string, enumerations, <see cref="Hyperparameter"/>, records of registered kinds,
/// lists of int, double and string (<see cref="ValueList{T}"/> or <see cref="IReadOnlyList{T}"/>), and the same with <c>none</c> for null.
/// </remarks>
public sealed class SettingsValue
{
    private readonly SettingsValueReader<object> _read;
    private readonly Func<object, SettingsNode> _write;

    private SettingsValue(Type type, string expected, SettingsValueReader<object> read, Func<object, SettingsNode> write) =>
        (Type, Expected, _read, _write) = (type, expected, read, write);

    /// <summary>Type of the values.</summary>
    public Type Type { get; }

    /// <summary>What a text must be, for messages, as in <c>a whole number</c>.</summary>
    public string Expected { get; }

    /// <summary>All values as texts where it is a choice; else empty.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Some value, from which records are made whose leading settings have no default; null where there is none.</summary>
    internal Func<object?> Sample { get; init; } = static () => null;

    /// <summary>The only setting that it is for, in snake case; null for all of the type.</summary>
    internal string? Setting { get; init; }

    /// <summary>A value with a text of its own.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="expected">What a text must be, for messages, as in <c>a size as in 3x3</c>.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="sample">Some value that passes, for records that need one; null (default) where there is none.</param>
    public static SettingsValue Of<T>(
        string expected, SettingsValueReader<T> read, Func<T, SettingsNode> write, Func<T>? sample = null)
        where T : notnull
    {
        bool Read(SettingsNode node, [MaybeNullWhen(false)] out object value)
        {
            bool isRead = read(node, out T? typed);
            value = typed;
            return isRead;
        }

        return new(typeof(T), expected, Read, value => write((T)value))
        {
            Sample = sample is null ? static () => null : () => sample(),
        };
    }

    /// <summary>The same for the settings of one name alone.</summary>
    internal SettingsValue For(string setting) =>
        new(Type, Expected, _read, _write) { Choices = Choices, Sample = Sample, Setting = setting };

    /// <summary>A value that is one of some.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="choices">All of them with their names.</param>
    public static SettingsValue Choice<T>(params IReadOnlyList<(string Name, T Value)> choices)
        where T : notnull
    {
        string[] names = [.. choices.Select(choice => choice.Name)];
        bool Read(SettingsNode node, [MaybeNullWhen(false)] out object value)
        {
            int position = node.Arguments.Count == 0 ? Array.IndexOf(names, node.Name) : -1;
            value = position < 0 ? null : (object)choices[position].Value;
            return position >= 0;
        }

        return new(typeof(T), $"one of {NearestName.Choices(names)}", Read, value =>
            new(choices.FirstOrDefault(choice => choice.Value.Equals(value)).Name ?? SettingsNode.Unwritten))
        {
            Choices = names,
        };
    }

    /// <summary>A list of records of a registered kind.</summary>
    /// <typeparam name="TKind">The kind.</typeparam>
    public static SettingsValue ListOf<TKind>()
        where TKind : SettingsRecord => List(
            "a list as in [a, b]",
            (SettingsNode node, [MaybeNullWhen(false)] out TKind value) => (value = Settings.Build<TKind>(node)) is not null,
            Settings.Write);

    /// <summary>How the type of a setting is written; null where it is not known.</summary>
    internal static SettingsValue? Find(Type type, string setting, IEnumerable<SettingsValue> known)
    {
        if (known.FirstOrDefault(value => (value.Setting is null || value.Setting == setting) && Holds(value.Type, type)) is { } found)
            return found;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Find(underlying, setting, known);
        return type.IsEnum ? OfEnum(type)
            : typeof(SettingsRecord).IsAssignableFrom(type) ? OfKind(type)
            : s_plain.FirstOrDefault(value => Holds(value.Type, type));
    }

    /// <summary>Reads a value.</summary>
    internal bool TryRead(SettingsNode node, [MaybeNullWhen(false)] out object value) => _read(node, out value);

    /// <summary>Writes a value.</summary>
    internal SettingsNode Write(object value) => _write(value);

    private static readonly SettingsValue[] s_plain =
    [
        new(typeof(bool), "one of true, false", ReadFlag, value => new((bool)value ? "true" : "false"))
        {
            Choices = ["true", "false"],
            Sample = static () => false,
        },
        new(typeof(int), "a whole number", ReadInteger, Whole) { Sample = static () => 2 },
        new(typeof(long), "a whole number", ReadLong, Whole) { Sample = static () => 2L },
        new(typeof(ulong), "a whole number of 0 or more", ReadUnsigned, Whole) { Sample = static () => 2UL },
        new(typeof(double), "a number", ReadNumber, value => new(SettingsText.Number((double)value))) { Sample = static () => 0.5 },
        new(typeof(string), "a word", ReadWord, value => new((string)value)) { Sample = static () => "*" },
        new(typeof(Hyperparameter), "a number", ReadHyperparameter, value =>
            ((Hyperparameter)value).Schedule is { } schedule ? Settings.Write(schedule) : new(((Hyperparameter)value).ToString()))
        {
            Sample = static () => (Hyperparameter)0.5,
        },
        List<int>("whole numbers as in [1, 5]", TryInteger, value => Whole(value)),
        List<double>("numbers as in [1, 5]", TryNumber, value => new(SettingsText.Number(value))),
        List<string>("words as in [a, b]", TryWord, value => new(value)),
    ];

    private static SettingsValue List<T>(string expected, SettingsValueReader<T> read, Func<T, SettingsNode> write)
    {
        bool Read(SettingsNode node, [MaybeNullWhen(false)] out object value)
        {
            value = null;
            if (node.Elements is not { } elements)
                return false;
            T[] values = new T[elements.Count];
            for (int i = 0; i < values.Length; i++)
            {
                if (!read(elements[i], out T? one))
                    return false;
                values[i] = one;
            }

            value = new ValueList<T>(values.AsSpan());
            return true;
        }

        return new(typeof(ValueList<T>), expected, Read, value => SettingsNode.List(((IEnumerable<T>)value).Select(write)))
        {
            Sample = static () => new ValueList<T>(ReadOnlySpan<T>.Empty),
        };
    }

    private static SettingsValue OfEnum(Type type)
    {
        string[] names = Enum.GetNames(type), texts = [.. names.Select(SettingsText.Snake)];
        bool Read(SettingsNode node, [MaybeNullWhen(false)] out object value)
        {
            int position = node.Arguments.Count == 0 ? Array.IndexOf(texts, node.Name) : -1;
            value = position < 0 ? null : Enum.Parse(type, names[position]);
            return position >= 0;
        }

        return new(type, $"one of {NearestName.Choices(texts)}", Read, value => new(SettingsText.Snake(value.ToString()!)))
        {
            Choices = texts,
            Sample = () => Enum.Parse(type, names[0]),
        };
    }

    private static SettingsValue OfKind(Type type) => new(
        type, "settings as in name(1, key=2)",
        (SettingsNode node, [MaybeNullWhen(false)] out object value) => (value = Settings.Build(type, node)) is not null,
        value => Settings.Write((SettingsRecord)value))
    {
        Sample = () => Settings.FormsOf(type).Select(form => form.Example).FirstOrDefault(example => example is not null),
    };

    private static bool Holds(Type known, Type type) => known == type || (type.IsInterface && type.IsAssignableFrom(known));

    private static bool ReadFlag(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isFlag = node.Arguments.Count == 0 && node.Name is "true" or "false";
        value = node.Name == "true";
        return isFlag;
    }

    private static bool ReadInteger(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isRead = TryInteger(node, out int number);
        value = number;
        return isRead;
    }

    private static bool ReadLong(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isRead = long.TryParse(node.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        value = number;
        return isRead && node.Arguments.Count == 0;
    }

    private static bool ReadUnsigned(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isRead = ulong.TryParse(node.Name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        value = number;
        return isRead && node.Arguments.Count == 0;
    }

    private static bool ReadNumber(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isRead = TryNumber(node, out double number);
        value = number;
        return isRead;
    }

    private static bool ReadWord(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        bool isRead = TryWord(node, out string? word);
        value = word;
        return isRead;
    }

    private static bool ReadHyperparameter(SettingsNode node, [MaybeNullWhen(false)] out object value)
    {
        value = TryNumber(node, out double number)
            ? (Hyperparameter)number
            : (Hyperparameter)Settings.Build<Schedule>(node, "number or schedule");
        return true;
    }

    private static bool TryInteger(SettingsNode node, out int value)
    {
        value = 0;
        return node.Arguments.Count == 0 && int.TryParse(
            node.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryNumber(SettingsNode node, out double value)
    {
        value = 0;
        return node.Arguments.Count == 0 && double.TryParse(node.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryWord(SettingsNode node, [MaybeNullWhen(false)] out string value)
    {
        value = node.Name;
        return node.Arguments.Count == 0 && !node.IsList;
    }

    private static SettingsNode Whole<T>(T value)
        where T : notnull => new(Convert.ToString(value, CultureInfo.InvariantCulture)!);
}
