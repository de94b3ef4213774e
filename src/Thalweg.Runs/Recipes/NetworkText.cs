namespace Thalweg.Runs;

/// <summary>Lists of layers as text.</summary>
internal static class NetworkText
{
    /// <summary>The text of a network from the texts of its layers.</summary>
    /// <param name="layers">The layers, in order.</param>
    public static string OfLayers(IEnumerable<string> layers) => $"sequential([{string.Join(", ", layers)}])";
}
