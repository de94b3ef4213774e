using System.Globalization;
using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Pairs of sizes as descriptions write them: <c>3x3</c>.</summary>
internal static class PairText
{
    public static string Write(Size2d size) => size.ToString();

    /// <summary>A property that <see cref="Write"/> wrote.</summary>
    /// <exception cref="ThalwegException">It is missing or not of the form.</exception>
    public static Size2d Read(JsonObject description, string name)
    {
        string text = LayerRegistry.Read<string>(description, name);
        string[] parts = text.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            ? new Size2d(height, width)
            : throw new ThalwegException(
                $"[architecture] expected '{name}' as HEIGHTxWIDTH, got '{text}'; the model file is damaged or newer");
    }
}
