using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>A value of a parameter: the text that the recipe reads, and its number where it is one.</summary>
/// <param name="Text">The text, the same in every culture.</param>
public readonly record struct TrialValue(string Text)
{
    /// <summary>A number as a value, in the shortest form that reads back to the same double.</summary>
    /// <param name="number">The number.</param>
    public TrialValue(double number)
        : this(SettingsText.Number(number))
    {
    }

    /// <summary>The number; NaN where the text is none.</summary>
    public double Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? number
        : double.NaN;

    /// <summary>The text.</summary>
    public override string ToString() => Text ?? "";

    /// <summary>Whether two values are the same word, or the same number however written.</summary>
    /// <param name="other">The other.</param>
    public bool IsSameAs(TrialValue other) => Text == other.Text || Number == other.Number;

    /// <summary>The node of a value in a text: a word, or settings with arguments where they read back to the same text.</summary>
    internal SettingsNode ToNode()
    {
        try
        {
            SettingsNode node = SettingsNode.Read(Text);
            return (node.Arguments.Count > 0 || node.IsList) && node.ToString() == Text ? node : new(Text);
        }
        catch (ThalwegException)
        {
            return new(Text);
        }
    }

    /// <summary>The value that a node of a text stands for.</summary>
    internal static TrialValue Of(SettingsNode node) => new(node.Arguments.Count == 0 && !node.IsList ? node.Name : node.ToString());
}
