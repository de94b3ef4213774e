using System.Globalization;

namespace Thalweg.Initializers;

/// <summary>Splits <c>name(1, b=2)</c> into the name and the numbers, in order.</summary>
internal static class InitializerText
{
    public static (string Name, double[] Arguments) Split(string text)
    {
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(');
        if (open < 0)
        {
            return (trimmed, []);
        }

        if (!trimmed.EndsWith(')'))
        {
            throw new ThalwegException($"[initializer] expected name(number, ...), got '{text}'; a closing parenthesis is missing");
        }

        string inside = trimmed[(open + 1)..^1];
        double[] arguments = inside.Length == 0 ? [] : [.. inside.Split(',').Select(part => Number(part, text))];
        return (trimmed[..open].Trim(), arguments);
    }

    private static double Number(string part, string text)
    {
        string value = part[(part.IndexOf('=') + 1)..];
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new ThalwegException($"[initializer] expected finite numbers as arguments, got '{part.Trim()}' in '{text}'");
    }
}
