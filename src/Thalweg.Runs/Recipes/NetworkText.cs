using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Runs;

/// <summary>The text of a network: a short form such as <c>mlp:256,128</c>, or a list of layers.</summary>
internal static class NetworkText
{
    private const string Container = "sequential";

    /// <summary>Whether the text is a list of layers.</summary>
    public static bool IsList(string text)
    {
        string word = new([.. text.Trim().TakeWhile(SettingsNodeLetter)]), rest = text.Trim()[word.Length..];
        return rest.Length == 0 ? Settings.Names<LayerSettings>().Contains(word) : rest[0] is '(' or '[';
    }

    /// <summary>The layers of a list.</summary>
    /// <exception cref="ThalwegException">A layer or a setting is not known.</exception>
    public static SequentialSettings Parse(string text)
    {
        SettingsNode node = SettingsNode.Read(text);
        return node.Elements is { } layers
            ? new SequentialSettings([.. layers.Select(Settings.Build<LayerSettings>)])
            : Settings.Build<LayerSettings>(node) is SequentialSettings list ? list
            : new SequentialSettings([Settings.Build<LayerSettings>(node)]);
    }

    /// <summary>The text of a network from the texts of its layers.</summary>
    /// <param name="layers">The layers, in order.</param>
    public static string OfLayers(IEnumerable<string> layers) => $"{Container}([{string.Join(", ", layers)}])";

    /// <summary>The texts of the layers of a list that <see cref="OfLayers"/> puts together to exactly this text; else null.</summary>
    public static IReadOnlyList<string>? LayersOf(string text)
    {
        if (!IsList(text))
            return null;
        try
        {
            SettingsNode node = SettingsNode.Read(text);
            string[]? layers = node is { Name: Container, Arguments: [{ Name: null, Value.Elements: { } elements }] }
                ? [.. elements.Select(element => element.ToString())] : null;
            return layers?.Length > 0 && OfLayers(layers) == text ? layers : null;
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    /// <summary>The list of layers that a short form stands for.</summary>
    /// <param name="spec">The short form, with what all hidden layers share.</param>
    /// <param name="featureShape">Shape of one sample.</param>
    public static string Expand(NetworkSpec spec, IReadOnlyList<int> featureShape) => spec.Expand(featureShape).ToString();

    private static bool SettingsNodeLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
}
