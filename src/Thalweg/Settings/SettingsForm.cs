using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>A setting of a record.</summary>
/// <param name="Name">Name in texts.</param>
/// <param name="Property">The property that holds it.</param>
/// <param name="Value">How it is written.</param>
/// <param name="IsLeading">Whether it may be given by place, because it is a parameter of the constructor.</param>
public sealed record SettingsParameter(string Name, PropertyInfo Property, SettingsValue Value, bool IsLeading)
{
    /// <summary>Its default; null where it has none, or where the default is nothing.</summary>
    public object? Default { get; internal init; }

    /// <summary>Whether it must be given, because it has no default.</summary>
    public bool IsRequired { get; internal init; }

    /// <summary>A value of it as text.</summary>
    /// <param name="value">The value.</param>
    public SettingsNode Write(object? value) => value is null ? new(Nothing) : Value.Write(value);

    /// <summary>What stands for null.</summary>
    internal const string Nothing = "none";
}

/// <summary>How one type of record is written: its name, the parameters of its constructor in order, then its other
/// settings by name.</summary>
/// <remarks>The record's own constructor and init properties are the description, so a new record has a text form
/// without writing one.</remarks>
public sealed class SettingsForm
{
    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

    [DynamicallyAccessedMembers(Members)]
    private readonly Type _type;
    private readonly IReadOnlyList<SettingsValue> _values;
    private readonly Lazy<SettingsRecord?> _example;
    private readonly Lazy<SettingsParameter[]> _parameters;
    private readonly Lazy<ConstructorInfo[]> _constructors;

    private SettingsForm(string? name, [DynamicallyAccessedMembers(Members)] Type type, IReadOnlyList<SettingsValue> values)
    {
        (Name, _type, _values) = (name ?? "", type, values);
        _constructors = new(FindConstructors);
        _parameters = new(FindParameters);
        _example = new(MakeExample);
    }

    /// <summary>Name in texts.</summary>
    public string Name { get; private set; }

    /// <summary>The record.</summary>
    public Type Type => _type;

    /// <summary>The settings, those that may be given by place first.</summary>
    public IReadOnlyList<SettingsParameter> Parameters
    {
        get
        {
            SettingsRecord? example = Example;
            return [.. _parameters.Value.Select(parameter => parameter with
            {
                IsRequired = parameter.IsLeading && !HasDefault,
                Default = example is null || (parameter.IsLeading && !HasDefault) ? null : parameter.Property.GetValue(example),
            })];
        }
    }

    /// <summary>Names of the settings.</summary>
    public IReadOnlyList<string> ParameterNames => [.. _parameters.Value.Select(parameter => parameter.Name)];

    /// <summary>The record with all defaults; where leading settings have none, they hold some value that passes. Null
    /// where none does.</summary>
    public SettingsRecord? Example => _example.Value;

    internal SettingsKind? Kind { get; private set; }

    /// <summary>Whether each leading setting has a default.</summary>
    internal bool HasDefault => _constructors.Value.Any(constructor => constructor.GetParameters().All(each => each.HasDefaultValue));

    /// <summary>Whether all values by place are elements of one list, because the constructor has one parameter, a <c>params</c>
    /// list.</summary>
    private bool IsVariadic => _constructors.Value[0].GetParameters() is [{ } only] && only.IsDefined(typeof(ParamCollectionAttribute));

    private int LeadingCount => _parameters.Value.Count(parameter => parameter.IsLeading);

    /// <summary>The form of a record.</summary>
    /// <param name="name">Its name in texts; null (default): that of the type in snake case, without the word for the kind
    /// at its end.</param>
    /// <param name="values">How values of types that only this record has are written.</param>
    internal static SettingsForm Of<[DynamicallyAccessedMembers(Members)] TRecord>(
        string? name = null, params IReadOnlyList<SettingsValue> values)
        where TRecord : SettingsRecord => new(name, typeof(TRecord), values);

    /// <summary>Joins a kind.</summary>
    internal SettingsForm Join(SettingsKind kind)
    {
        Kind = kind;
        Name = Name.Length > 0 ? Name : kind.NameOf(_type);
        return this;
    }

    /// <summary>Refuses a record that could not be written and read.</summary>
    internal void RefuseUnreadable() => _ = _parameters.Value;

    /// <summary>The record as text, with settings that have their default left out as the kind does.</summary>
    internal SettingsNode Write(SettingsRecord record)
    {
        SettingsRecord? example = Example;
        bool printsAll = Kind!.PrintsNumbers, isLeadingByPosition = printsAll || !HasDefault;
        List<SettingsArgument> arguments = [];
        foreach (SettingsParameter parameter in _parameters.Value)
        {
            object? value = parameter.Property.GetValue(record);
            bool isByPosition = parameter.IsLeading && isLeadingByPosition;
            bool isUsual = example is not null && Equals(value, parameter.Property.GetValue(example)) && !(printsAll && IsNumber(value));
            if (parameter.IsLeading && IsVariadic)
                arguments.AddRange(Unrolled(parameter.Write(value)));
            else if (isByPosition || !isUsual)
                arguments.Add(new(isByPosition ? null : parameter.Name, parameter.Write(value)));
        }

        return new(Name, new(arguments));
    }

    /// <summary>Makes the record from what was written.</summary>
    internal SettingsRecord Build(SettingsNode node)
    {
        node = IsVariadic ? Rolled(node) : node;
        Dictionary<SettingsParameter, object?> values = [];
        for (int i = 0; i < node.Arguments.Count; i++)
        {
            SettingsParameter parameter = Parameter(node.Arguments[i], i);
            if (!values.TryAdd(parameter, Read(parameter, node.Arguments[i].Value)))
                throw new ThalwegException($"[{Name}] expected {parameter.Name} once, got it twice; leave one out");
        }

        return Make(values);
    }

    /// <summary>The elements of a list as values by place; a single one that is a list itself stays inside of brackets.</summary>
    private static IEnumerable<SettingsArgument> Unrolled(SettingsNode list) => list.Elements is [{ IsList: true }] or null
        ? [new(null, list)]
        : list.Elements.Select(element => new SettingsArgument(null, element));

    /// <summary>All values by place as one list, unless one list is what there is.</summary>
    private static SettingsNode Rolled(SettingsNode node)
    {
        SettingsArgument[] values = [.. node.Arguments.Where(argument => argument.Name is null)];
        return values is [{ Value.IsList: true }] || (values.Length == 0 && node.Arguments.Count > 0)
            ? node
            : node with
            {
                Arguments =
                [
                    new(null, SettingsNode.List(values.Select(argument => argument.Value))),
                    .. node.Arguments.Where(argument => argument.Name is not null),
                ],
            };
    }

    /// <summary>The example with other values of some settings.</summary>
    /// <exception cref="ThalwegException">The values contradict each other.</exception>
    internal SettingsRecord With(params ReadOnlySpan<(PropertyInfo Property, object Value)> settings)
    {
        Dictionary<SettingsParameter, object?> values = Samples();
        foreach ((PropertyInfo property, object value) in settings)
            values[_parameters.Value.First(parameter => parameter.Property == property)] = value;
        return Make(values);
    }

    /// <summary>The setting of an argument: by name, or by place where there is no name.</summary>
    internal SettingsParameter Parameter(SettingsArgument argument, int position)
    {
        SettingsParameter[] parameters = _parameters.Value;
        if (argument.Name is { } name)
        {
            return Array.Find(parameters, parameter => parameter.Name == name) ?? throw new ThalwegException(parameters.Length == 0
                ? $"[{Name}] expected no settings, got '{name}'; leave it out"
                : $"[{Name}] unknown parameter '{name}'; {NearestName.Advice(name, ParameterNames)}");
        }

        if (position < LeadingCount)
            return parameters[position];
        throw new ThalwegException(parameters.Length == 0 ? $"[{Name}] expected no settings, got '{argument.Value}'; leave it out"
            : LeadingCount > 0
                ? $"[{Name}] expected at most {LeadingCount} parameters without a name, got more; name them: " +
                    NearestName.Choices(ParameterNames)
                : $"[{Name}] expected settings by name, got '{argument.Value}'; write it as in {parameters[0].Name}={argument.Value}");
    }

    private object? Read(SettingsParameter parameter, SettingsNode node)
    {
        if (parameter.Value.TryRead(node, out object? value))
            return value;
        bool takesNothing = TakesNothing(parameter);
        if (takesNothing && node is { Name: SettingsParameter.Nothing, Arguments.Count: 0 })
            return null;
        throw new ThalwegException(
            $"[{Name}] expected {parameter.Name} to be {parameter.Value.Expected}{(takesNothing ? " or none" : "")}, " +
            $"got '{(node.IsList ? node.ToString() : node.Name)}'; choose a value in that range");
    }

    /// <summary>Whether none is a value: where the type says so, or the default is none.</summary>
    private bool TakesNothing(SettingsParameter parameter) => Nullable.GetUnderlyingType(parameter.Property.PropertyType) is not null
        || (!parameter.Property.PropertyType.IsValueType && Example is { } example && parameter.Property.GetValue(example) is null);

    /// <summary>The constructor with the most parameters that all have a value or a default; then the other settings.</summary>
    private SettingsRecord Make(Dictionary<SettingsParameter, object?> values)
    {
        foreach (ConstructorInfo constructor in _constructors.Value)
        {
            SettingsParameter?[] taken = [.. constructor.GetParameters().Select(parameter => values.Keys.FirstOrDefault(key =>
                key.Property.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)))];
            if (!constructor.GetParameters().Zip(taken).All(pair => pair.Second is not null || pair.First.HasDefaultValue))
                continue;
            object?[] leading = [.. constructor.GetParameters().Zip(taken)
                .Select(pair => pair.Second is null ? pair.First.DefaultValue : values[pair.Second])];
            return Set(constructor, leading, values.Where(pair => !taken.Contains(pair.Key)));
        }

        string names = NearestName.Choices(_parameters.Value.Where(parameter => parameter.IsLeading).Select(parameter => parameter.Name));
        throw new ThalwegException(
            $"[{Name}] expected {names}, got {values.Keys.Count(parameter => parameter.IsLeading)} of them; give all");
    }

    private SettingsRecord Set(
        ConstructorInfo constructor, object?[] leading, IEnumerable<KeyValuePair<SettingsParameter, object?>> settings)
    {
        try
        {
            var record = (SettingsRecord)constructor.Invoke(
                BindingFlags.DoNotWrapExceptions, null, leading, CultureInfo.InvariantCulture);
            foreach ((SettingsParameter setting, object? value) in settings)
                setting.Property.SetValue(record, value, BindingFlags.DoNotWrapExceptions, null, null, CultureInfo.InvariantCulture);
            record.RefuseConflict();
            return record;
        }
        catch (ArgumentException error)
        {
            throw new ThalwegException($"[{Name}] {error.Message}", error);
        }
    }

    private SettingsRecord? MakeExample()
    {
        try
        {
            return Make(Samples());
        }
        catch (ThalwegException)
        {
            // No value is known that passes: such a record prints all its settings.
            return null;
        }
    }

    private Dictionary<SettingsParameter, object?> Samples() => HasDefault
        ? []
        : _parameters.Value.Where(parameter => parameter.IsLeading)
            .ToDictionary(parameter => parameter, parameter => parameter.Value.Sample());

    private ConstructorInfo[] FindConstructors() =>
        [.. _type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length)];

    private SettingsParameter[] FindParameters()
    {
        if (_constructors.Value.Length == 0)
            throw Unreadable("a public constructor", "none", "add one");
        PropertyInfo[] writable = [.. _type.GetProperties().Where(property => property.SetMethod?.IsPublic == true)];
        PropertyInfo[] leading = [.. _constructors.Value[0].GetParameters().Select(parameter =>
            Array.Find(writable, property => property.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw Unreadable($"a property that can be set for the parameter '{parameter.Name}'", "none", "add one with init"))];
        if (writable.FirstOrDefault(property => property.IsDefined(typeof(RequiredMemberAttribute))) is { } required)
        {
            throw Unreadable("settings with defaults, or parameters of the constructor", $"the required {required.Name}",
                "make it a parameter of the constructor");
        }

        return [.. leading.Select(property => Parameter(property, isLeading: true)),
            .. writable.Except(leading).Select(property => Parameter(property, isLeading: false))];
    }

    private SettingsParameter Parameter(PropertyInfo property, bool isLeading)
    {
        string name = property.GetCustomAttribute<SettingsNameAttribute>()?.Name ?? SettingsText.Snake(property.Name);
        SettingsValue value = SettingsValue.Find(property.PropertyType, name, [.. _values, .. Kind?.Values ?? []]) ?? throw Unreadable(
            $"{name} to be of a type with a text form", $"{property.PropertyType.Name}",
            "register the record with a SettingsValue for it, or make it a number, a word, a choice or a list of them");
        return new(name, property, value, isLeading);
    }

    private ThalwegException Unreadable(string expected, string found, string remedy) =>
        new($"[settings] {_type.Name}: expected {expected}, got {found}; {remedy}");

    private static bool IsNumber(object? value) => value switch
    {
        Hyperparameter number => !number.IsZero || number.Schedule is not null,
        double number => number != 0,
        int number => number != 0,
        _ => false,
    };
}
