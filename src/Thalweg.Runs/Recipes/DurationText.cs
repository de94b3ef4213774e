using System.Globalization;

namespace Thalweg.Runs;

/// <summary>A time as text: a number with the unit s, min or h.</summary>
public static class DurationText
{
    private static readonly (string Unit, double Seconds)[] s_units = [("min", 60), ("s", 1), ("h", 3600)];

    /// <summary>Reads a time.</summary>
    /// <param name="field">Path of the field, or name of the option, for the message.</param>
    /// <param name="text">The text, as in <c>90s</c>, <c>10min</c> or <c>2h</c>.</param>
    /// <exception cref="ThalwegException">It is none, or not above 0.</exception>
    public static TimeSpan Read(string field, string text)
    {
        foreach ((string unit, double seconds) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number * seconds is > 0 and < 1e9)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        throw new ThalwegException($"{field}: expected a time above 0 with its unit, as in 90s, 10min or 2h, got '{text}'");
    }
}
