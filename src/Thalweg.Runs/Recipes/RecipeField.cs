using System.Globalization;
using System.Reflection;

namespace Thalweg.Runs;

/// <summary>A field of a recipe: its path, its type, and the words that it reads.</summary>
public sealed class RecipeField
{
    private static readonly Dictionary<string, RecipeField> s_byPath;

    private readonly PropertyInfo[] _properties;
    private readonly FieldAttribute _rules;
    private readonly Type _type;

    static RecipeField()
    {
        All = [.. Find(typeof(Recipe), [])];
        s_byPath = All.ToDictionary(field => field.Path);
    }

    private RecipeField(PropertyInfo[] properties)
    {
        _properties = properties;
        _type = Nullable.GetUnderlyingType(properties[^1].PropertyType) ?? properties[^1].PropertyType;
        _rules = properties[^1].GetCustomAttribute<FieldAttribute>() ?? new FieldAttribute();
        Path = string.Join('.', properties.Select(property => SettingsText.Snake(property.Name)));
        Choices = _rules.Words.Length > 0 ? _rules.Words
            : _type.IsEnum ? [.. Enum.GetNames(_type).Select(SettingsText.Snake)]
            : _type == typeof(bool) ? ["true", "false"] : [];
    }

    /// <summary>All fields, in the order of the file.</summary>
    public static IReadOnlyList<RecipeField> All { get; }

    /// <summary>The path, as in <c>training.optimizer.learning_rate</c>.</summary>
    public string Path { get; }

    /// <summary>The words that the field reads, or some of them; empty where there are none.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>Whether the field reads nothing but <see cref="Choices"/>.</summary>
    public bool IsChoice => _type.IsEnum || _type == typeof(bool);

    /// <summary>Whether the field may stand for its whole group.</summary>
    internal bool IsShorthand => _rules.IsShorthand;

    /// <summary>Whether the field is a switch, which is off where it is left out.</summary>
    internal bool IsSwitch => _properties[^1].PropertyType == typeof(bool);

    /// <summary>Whether the field is the text of a network.</summary>
    internal bool IsNetwork => Path == "network.layers";

    /// <summary>Whether the field is a list of strings.</summary>
    internal bool IsList => _type == typeof(ValueList<string>);

    /// <summary>The field of a path.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ThalwegException">There is none: the message gives the nearest.</exception>
    public static RecipeField Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return s_byPath.GetValueOrDefault(path) ?? throw new ThalwegException(
            $"[recipe] expected the path of a field, got '{path}'{Names.DidYouMean(path, All.Select(field => field.Path))}; "
            + "Recipe.Paths lists them");
    }

    /// <summary>Reads a value.</summary>
    /// <param name="text">The value as <see cref="Format"/> writes it.</param>
    /// <exception cref="ThalwegException">It is not one of this field: the message says what is.</exception>
    public object Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text) is { } value && Holds(value)
            ? value
            : throw new ThalwegException($"{Path}: expected {Expected(text)}, got '{text}'");
    }

    /// <summary>A value as text, the same in every culture; null for null.</summary>
    /// <param name="value">A value of the field's type.</param>
    public string? Format(object? value) => value switch
    {
        null => null,
        char character => Word(character) ?? character.ToString(),
        ValueList<string> list => TextList.Format(list),
        bool flag => flag ? "true" : "false",
        Enum member => Choices[Array.IndexOf(Enum.GetValuesAsUnderlyingType(_type), System.Convert.ChangeType(
            member, Enum.GetUnderlyingType(_type), CultureInfo.InvariantCulture))],
        int number when number == 0 && _rules.ZeroWord is { } word => word,
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>What the field reads, in words, as in <c>a finite number above 0</c>.</summary>
    public string Expected(string found)
    {
        string words = string.Join(", ", Choices);
        if (_type == typeof(char))
            return $"one character, or one of {words}";
        if (IsChoice)
            return $"one of {words}{Names.DidYouMean(found, Choices)}";
        if (IsList)
            return "names separated by commas";
        if (_type == typeof(string))
            return "a string that is not empty";
        if (_type == typeof(ulong))
            return "a whole number of 0 or more";
        if (_type == typeof(int))
            return _rules.ZeroWord is { } word ? $"a whole number of 1 or more, or {word}" : Whole();
        return Range();
    }

    /// <summary>What the field is for a reader who is to fill it in.</summary>
    internal string Hint => _rules.Hint ?? Expected("");

    /// <summary>The value in a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    public object? Get(Recipe recipe)
    {
        object? value = recipe;
        foreach (PropertyInfo property in _properties)
            value = property.GetValue(value);
        return value;
    }

    /// <summary>The group of fields of a path, as in <c>training.optimizer</c>; null where it is none.</summary>
    internal static object? GroupOf(Recipe recipe, string path)
    {
        object? group = recipe;
        foreach (string name in path.Split('.'))
        {
            group = group is null ? null
                : Groups(group.GetType()).FirstOrDefault(item => SettingsText.Snake(item.Name) == name)?.GetValue(group);
        }

        return group;
    }

    /// <summary>The recipe with a value of the field's type; null gives the default.</summary>
    internal Recipe With(Recipe recipe, object? value) => (Recipe)With(recipe, 0, value);

    /// <summary>A value of the field's type from one of another number type.</summary>
    internal object? Convert(object? value)
    {
        if (value is null)
            return null;
        if (_type.IsInstanceOfType(value))
        {
            Validate(value);
            return value;
        }

        if (IsList && value is IEnumerable<string> items)
            return new ValueList<string>(items);
        if (_type == typeof(string) && value is IConvertible figure && IsNumber(value.GetType()))
            return Parse(figure.ToString(CultureInfo.InvariantCulture));
        return value is IConvertible number && IsNumber(_type) && IsNumber(value.GetType())
            ? Parse(number.ToString(CultureInfo.InvariantCulture))
            : throw new ThalwegException($"{Path}: expected {Expected("")}, got {value} ({value.GetType().Name})");
    }

    /// <summary>Refuses a value out of range.</summary>
    internal void Validate(object? value)
    {
        if (value is null ? !IsNullable() : !Holds(value))
            throw new ThalwegException($"{Path}: expected {Expected("")}, got {Format(value) ?? "nothing"}");
    }

    private static bool IsNumber(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static IEnumerable<RecipeField> Find(Type type, PropertyInfo[] above)
    {
        foreach (PropertyInfo property in Written(type))
        {
            PropertyInfo[] path = [.. above, property];
            if (IsGroup(property))
            {
                foreach (RecipeField field in Find(property.PropertyType, path))
                    yield return field;
            }
            else
            {
                yield return new RecipeField(path);
            }
        }
    }

    private static IEnumerable<PropertyInfo> Written(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static IEnumerable<PropertyInfo> Groups(Type type) => Written(type).Where(IsGroup);

    private static bool IsGroup(PropertyInfo property) =>
        property.PropertyType.Assembly == typeof(Recipe).Assembly && property.PropertyType is { IsClass: true } type
        && type != typeof(ValueList<string>);

    private object With(object group, int depth, object? value)
    {
        PropertyInfo property = _properties[depth];
        object? changed = depth + 1 < _properties.Length ? With(property.GetValue(group)!, depth + 1, value)
            : value ?? property.GetValue(Activator.CreateInstance(group.GetType()));
        object copy = group.GetType().GetMethod("<Clone>$")!.Invoke(group, null)!;
        property.SetValue(copy, changed);
        return copy;
    }

    private bool IsNullable() => !_properties[^1].PropertyType.IsValueType
        ? new NullabilityInfoContext().Create(_properties[^1]).WriteState == NullabilityState.Nullable
        : Nullable.GetUnderlyingType(_properties[^1].PropertyType) is not null;

    private object? Read(string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (IsChoice)
            return Member(text);
        if (IsList)
            return TextList.Parse(text);
        if (_type == typeof(string))
            return text;
        if (_type == typeof(char))
            return Array.IndexOf(_rules.Words, text) is >= 0 and int position ? _rules.Characters[position] : text.Length == 1 ? text[0] : null;
        if (_type == typeof(ulong))
            return ulong.TryParse(text, NumberStyles.None, culture, out ulong whole) ? whole : null;
        if (_type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out double real) ? real : null;
        if (text == _rules.ZeroWord)
            return 0;
        bool isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int number);
        return isNumber && (number != 0 || _rules.ZeroWord is null) ? number : null;
    }

    private object? Member(string text)
    {
        int position = Choices.ToList().FindIndex(choice => choice == text || choice.Replace('-', '_') == text);
        if (position < 0)
            return null;
        return _type == typeof(bool) ? position == 0 : Enum.ToObject(_type, Enum.GetValuesAsUnderlyingType(_type).GetValue(position)!);
    }

    private bool Holds(object value) => value switch
    {
        int or double => System.Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number)
            && !(number < _rules.Least) && !(number <= _rules.Above) && !(number >= _rules.Below),
        string text => text.Length > 0,
        ValueList<string> list => list.Count > 0 && list.All(item => item.Length > 0),
        Enum member => Enum.IsDefined(_type, member) && System.Convert.ToInt64(member, CultureInfo.InvariantCulture) < Choices.Count,
        _ => true,
    };

    private string? Word(char character) =>
        _rules.Characters.IndexOf(character, StringComparison.Ordinal) is >= 0 and int position ? _rules.Words[position] : null;

    private string Whole() => double.IsNaN(_rules.Least) ? "a whole number"
        : string.Create(CultureInfo.InvariantCulture, $"a whole number of {_rules.Least} or more");

    private string Range() => FormattableString.Invariant(
        !double.IsNaN(_rules.Below) ? $"a number from {_rules.Least} up to, but not, {_rules.Below}"
        : !double.IsNaN(_rules.Above) ? $"a finite number above {_rules.Above}"
        : !double.IsNaN(_rules.Least) ? $"a finite number of {_rules.Least} or more"
        : (FormattableString)$"a finite number");
}
