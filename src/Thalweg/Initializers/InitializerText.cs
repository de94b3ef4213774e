using System.Globalization;
using Thalweg.Layers;

namespace Thalweg.Initializers;

/// <summary>The arguments of <c>name(1, b=2)</c>, by place or by name, each taken once.</summary>
internal sealed class InitializerText
{
    private readonly string _text;
    private readonly IReadOnlyList<string> _parameters;
    private readonly Dictionary<string, string> _values = [];

    private InitializerText(string text, IReadOnlyList<string> parameters) => (_text, _parameters) = (text, parameters);

    /// <summary>Splits a text into its name and what stands in the parentheses.</summary>
    public static (string Name, string Inside) Split(string text)
    {
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(');
        if (open < 0)
        {
            return (trimmed, "");
        }

        return trimmed.EndsWith(')')
            ? (trimmed[..open].Trim(), trimmed[(open + 1)..^1])
            : throw new ThalwegException($"[initializer] expected name(number, ...), got '{text}'; a closing parenthesis is missing");
    }

    /// <summary>Reads the arguments of an initializer with the given parameters.</summary>
    public static InitializerText Read(string text, IReadOnlyList<string> parameters)
    {
        (string name, string inside) = Split(text);
        InitializerText read = new(text, parameters);
        string[] parts = inside.Trim().Length == 0 ? [] : inside.Split(',');
        if (parts.Length > parameters.Count)
        {
            throw new ThalwegException(
                $"[initializer] expected at most {parameters.Count} arguments for {name}, got {parts.Length} in '{text}'; leave some out");
        }

        for (int i = 0; i < parts.Length; i++)
        {
            int equals = parts[i].IndexOf('=');
            string parameter = equals < 0 ? parameters[i] : parts[i][..equals].Trim();
            if (!parameters.Contains(parameter))
            {
                throw new ThalwegException(
                    $"[initializer] unknown parameter '{parameter}' in '{text}'; {NearestName.Advice(parameter, parameters)}");
            }

            if (!read._values.TryAdd(parameter, parts[i][(equals + 1)..].Trim()))
            {
                throw new ThalwegException($"[initializer] expected {parameter} once in '{text}', got it twice; leave one out");
            }
        }

        return read;
    }

    /// <summary>Name of a choice in texts: <c>fan_in</c>, <c>normal</c>.</summary>
    public static string Name<T>(T choice)
        where T : struct, Enum => choice switch
        {
            Fan.Average => "fan_average",
            Fan fan => $"fan_{fan.ToString().ToLowerInvariant()}",
            _ => choice.ToString().ToLowerInvariant(),
        };

    /// <summary>A number; a gain may be the name of an activation, and is then that of the activation.</summary>
    public double? Number(int parameter)
    {
        if (!_values.TryGetValue(_parameters[parameter], out string? value))
        {
            return null;
        }

        if (_parameters[parameter] == "gain" && ActivationNames.All.Contains(value))
        {
            return Gain.Of(ActivationNames.Parse(value));
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new ThalwegException(
                $"[initializer] expected finite numbers as arguments, got '{value}' in '{_text}'; write them as in normal(0.01)");
    }

    public int? Integer(int parameter) => Number(parameter) switch
    {
        null => null,
        double number when number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue => (int)number,
        double number => throw new ThalwegException(
            $"[initializer] expected a whole number for {_parameters[parameter]}, got {number.ToString(CultureInfo.InvariantCulture)} in " +
            $"'{_text}'; round it"),
    };

    public bool? Flag(int parameter) => !_values.TryGetValue(_parameters[parameter], out string? value) ? null : value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new ThalwegException(
            $"[initializer] expected true or false for {_parameters[parameter]}, got '{value}' in '{_text}'; write one of them"),
    };

    public T? Choice<T>(int parameter)
        where T : struct, Enum
    {
        if (!_values.TryGetValue(_parameters[parameter], out string? value))
        {
            return null;
        }

        T[] choices = Enum.GetValues<T>();
        int found = Array.FindIndex(choices, choice => Name(choice) == value);
        return found >= 0
            ? choices[found]
            : throw new ThalwegException($"[initializer] expected {string.Join(", ", choices.Select(Name))} for " +
                $"{_parameters[parameter]}, got '{value}' in '{_text}'; write one of them");
    }
}
