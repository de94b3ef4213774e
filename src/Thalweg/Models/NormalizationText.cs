using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>The normalization of hidden layers in words: <c>batch(momentum=0.9)</c>, <c>layer-after</c>, <c>group(8)</c>.</summary>
public static class NormalizationText
{
    private const string After = "-after";

    /// <summary>All names; those that end in <c>-after</c> follow the activation, the others come before it.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "none", "batch", "batch-after", "layer", "layer-after", "rms", "rms-after", "group", "group-after", "instance", "instance-after",
        "weight", "spectral",
    ];

    /// <summary>Those that take settings in parentheses.</summary>
    public static IReadOnlyList<string> NamesWithSettings { get; } = ["batch", "batch-after", "group", "group-after"];

    /// <summary>In words for a summary, as in <c>layer normalization after the activation</c>; empty where there is none.</summary>
    /// <param name="text">A name, also with settings; null for none.</param>
    public static string Words(string? text)
    {
        string? name = text is null ? null : NameOf(text);
        return name is null or "none" ? ""
            : name.EndsWith(After, StringComparison.Ordinal) ? $"{name[..^After.Length]} normalization after the activation"
            : $"{name} normalization";
    }

    /// <summary>The network with the normalization.</summary>
    /// <param name="spec">The network, whose normalization is replaced.</param>
    /// <param name="text">A name, also with settings as in <c>group(8)</c> or those of <see cref="BatchNormSettings"/>.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known or out of range: the message gives the choices.</exception>
    public static NetworkSpec Apply(NetworkSpec spec, string text)
    {
        ArgumentNullException.ThrowIfNull(spec);
        SettingsNode node = SettingsNode.Read(text);
        string name = node.Name;
        if (!Names.Contains(name))
            throw new ThalwegException($"[normalization] unknown name '{name}'; {NearestName.Advice(name, Names)}");
        if (node.Arguments.Count > 0 && !NamesWithSettings.Contains(name))
            throw new ThalwegException($"[normalization] expected '{name}' without settings, got '{text}'; leave them out");
        bool after = name.EndsWith(After, StringComparison.Ordinal);
        string kind = after ? name[..^After.Length] : name;
        LayerSettings? layer = NamesWithSettings.Contains(name) ? Layer(node with { Name = $"{kind}_norm" }) : null;
        return spec with
        {
            Normalization = Enum.Parse<HiddenNormalization>(kind, ignoreCase: true),
            NormalizationAfterActivation = after,
            NormalizationGroups = (layer as GroupNormSettings)?.Groups,
            BatchNormOptions = (layer as BatchNormSettings)?.Options ?? new BatchNormOptions(),
        };
    }

    private static LayerSettings Layer(SettingsNode node)
    {
        try
        {
            return Settings.Build<LayerSettings>(node);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"[normalization] {error.Message}; write it as in group(8) or batch(momentum=0.99)", error);
        }
    }

    private static string NameOf(string text) => text.Split('(')[0].Trim();
}
