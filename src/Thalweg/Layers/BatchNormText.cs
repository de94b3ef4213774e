using System.Globalization;

namespace Thalweg.Layers;

/// <summary>Reads the settings of batch normalization from a text, as in <c>batch(momentum=0.99, momentum_form=retained,
/// epsilon=1e-3)</c>.</summary>
/// <remarks>What is left out has its default; what is not known is an error that names the nearest.</remarks>
public static class BatchNormText
{
    private static readonly string[] s_names = ["epsilon", "momentum", "momentum_form", "variance", "population", "affine"];

    /// <summary>Reads the settings.</summary>
    /// <param name="text">A name, which does not matter here, and settings in parentheses: <c>epsilon</c>, <c>momentum</c> (a number, or
    /// <c>none</c> for the plain mean), <c>momentum_form</c> (<c>new_batch</c>, <c>retained</c>), <c>variance</c> (<c>unbiased</c>,
    /// <c>biased</c>), <c>population</c> (<c>moving_average</c>, <c>exact</c>), <c>affine</c> (<c>true</c>, <c>false</c>).</param>
    /// <exception cref="ThalwegException">A setting or a value is not known or out of range: the message gives the choices.</exception>
    public static BatchNormOptions Parse(string text)
    {
        BatchNormOptions options = new();
        foreach ((string? name, SettingsNode node) in SettingsNode.Read(text).Arguments.Select(argument => (argument.Name, argument.Value)))
        {
            string value = node.Arguments.Count == 0 ? node.Name : $"{node.Name}(...)";
            options = name switch
            {
                "epsilon" => options with { Epsilon = Number(name, value) },
                "momentum" => options with { Momentum = value == "none" ? null : Number(name, value) },
                "momentum_form" => options with { MomentumForm = Choice<BatchNormMomentum>(name, value) },
                "variance" => options with { Variance = Choice<RunningVariance>(name, value) },
                "population" => options with { Population = Choice<PopulationStatistics>(name, value) },
                "affine" =>
                    options with { Affine = value is "true" or "false" ? value == "true" : throw Wrong(name, "true or false", value) },
                null =>
                    throw new ThalwegException($"[batch norm] expected settings with names, got '{value}'; write it as in epsilon=1e-3"),
                _ => throw new ThalwegException($"[batch norm] unknown setting '{name}'; {NearestName.Advice(name, s_names)}"),
            };
        }

        options.Check();
        return options;
    }

    private static double Number(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, name == "momentum" ? "a number or none" : "a number", value);

    private static TEnum Choice<TEnum>(string name, string value)
        where TEnum : struct, Enum
    {
        string[] choices = [.. Enum.GetNames<TEnum>().Select(SettingsText.Snake)];
        int index = Array.IndexOf(choices, value);
        return index >= 0 ? Enum.GetValues<TEnum>()[index] : throw Wrong(name, $"one of {NearestName.Choices(choices)}", value);
    }

    private static ThalwegException Wrong(string name, string expected, string found) =>
        new($"[batch norm] expected {name} to be {expected}, got '{found}'; choose a value in that range");
}
