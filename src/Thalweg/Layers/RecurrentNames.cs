namespace Thalweg.Layers;

/// <summary>Names of the parameters of one layer and direction of a recurrent stack.</summary>
/// <param name="Location">Layer and direction.</param>
internal sealed record RecurrentNames(string Location)
{
    /// <summary>Of the first layers, made once: a steady step must not build texts.</summary>
    private static readonly RecurrentNames[] s_first = [.. Enumerable.Range(0, 16).Select(i => Make(i / 2, i % 2 == 1))];

    /// <summary>Weight of the input.</summary>
    public string InputWeight { get; } = $"weight_ih_{Location}";

    /// <summary>Weight of the state.</summary>
    public string StateWeight { get; } = $"weight_hh_{Location}";

    /// <summary>Bias of the input.</summary>
    public string InputBias { get; } = $"bias_ih_{Location}";

    /// <summary>Bias of the state.</summary>
    public string StateBias { get; } = $"bias_hh_{Location}";

    /// <summary>The names of a layer.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="reverse">Whether it runs against time.</param>
    public static RecurrentNames Of(int layer, bool reverse) =>
        (layer * 2) + (reverse ? 1 : 0) is var index && index < s_first.Length ? s_first[index] : Make(layer, reverse);

    private static RecurrentNames Make(int layer, bool reverse) => new($"l{layer}{(reverse ? "_reverse" : "")}");
}
