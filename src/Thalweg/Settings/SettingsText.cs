using System.Globalization;
using System.Text;

namespace Thalweg;

/// <summary>How names and numbers are written in the text forms of settings.</summary>
public static class SettingsText
{
    /// <summary>A name of code in snake case: <c>MaxNorm</c> is <c>max_norm</c>.</summary>
    /// <param name="name">Name of a type, a property or a value of an enumeration.</param>
    public static string Snake(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>A number in the shortest form that reads back to the same double.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text : $"{text[..exponent]}e{int.Parse(text[(exponent + 1)..], CultureInfo.InvariantCulture)}";
    }
}
