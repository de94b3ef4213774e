using System.Globalization;
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
    /// <param name="text">A name, also with settings as in <c>group(8)</c> or those of <see cref="BatchNormText"/>.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known or out of range: the message gives the choices.</exception>
    public static NetworkSpec Apply(NetworkSpec spec, string text)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(text);
        string name = NameOf(text);
        if (!Names.Contains(name))
            throw new ThalwegException($"[normalization] unknown name '{name}'; {NearestName.Advice(name, [.. Names])}");
        if (name != text.Trim() && !NamesWithSettings.Contains(name))
            throw new ThalwegException($"[normalization] expected '{name}' without settings, got '{text}'; leave them out");
        bool after = name.EndsWith(After, StringComparison.Ordinal);
        HiddenNormalization kind = Enum.Parse<HiddenNormalization>(after ? name[..^After.Length] : name, ignoreCase: true);
        return spec with
        {
            Normalization = kind,
            NormalizationAfterActivation = after,
            NormalizationGroups = kind == HiddenNormalization.Group ? Groups(text) : null,
            BatchNormOptions = kind == HiddenNormalization.Batch ? BatchNormText.Parse(text) : new BatchNormOptions(),
        };
    }

    private static string NameOf(string text) => text.Split('(')[0].Trim();

    private static int? Groups(string text)
    {
        int open = text.IndexOf('(');
        if (open < 0)
            return null;
        string number = text.EndsWith(')') ? text[(open + 1)..^1].Trim() : "";
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int groups) && groups >= 1
            ? groups
            : throw new ThalwegException($"[normalization] expected a number of groups of 1 or more, as in group(8), got '{text}'");
    }
}
