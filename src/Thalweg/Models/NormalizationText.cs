using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>The normalization of hidden layers in words: a <see cref="Normalization"/> as <c>batch(momentum=0.9)</c> or <c>group(8)</c>,
/// <c>none</c>, or a name that ends in <c>-after</c> for one after the activation, as in <c>layer-after</c>.</summary>
public static class NormalizationText
{
    private const string After = "-after", None = "none", AfterSetting = "after_activation";

    /// <summary>All names, also of registered normalizations; those that end in <c>-after</c> follow the activation, the others come before
    /// it.</summary>
    public static IReadOnlyList<string> Names => [None, .. Settings.Forms<Normalization>().SelectMany(NamesOf)];

    /// <summary>Those that take settings in parentheses.</summary>
    public static IReadOnlyList<string> NamesWithSettings =>
        [.. Settings.Forms<Normalization>().Where(TakesSettings).SelectMany(NamesOf)];

    /// <summary>In words for a summary, as in <c>layer normalization after the activation</c>; empty where there is none.</summary>
    /// <param name="text">A name, also with settings; null for none.</param>
    public static string Words(string? text) => text is null || Parse(text) is not { } normalization ? ""
        : Settings.NameOf(normalization.GetType()) + " normalization" + (normalization.AfterActivation ? " after the activation" : "");

    /// <summary>Reads a normalization.</summary>
    /// <param name="text">A name, also with settings as in <c>group(8)</c>.</param>
    /// <returns>The normalization; null for <c>none</c>.</returns>
    /// <exception cref="ThalwegException">The name or a setting is not known or out of range: the message gives the choices.</exception>
    public static Normalization? Parse(string text)
    {
        SettingsNode node = SettingsNode.Read(text);
        string name = node.Name;
        if (!Names.Contains(name))
            throw new ThalwegException($"[normalization] unknown name '{name}'; {NearestName.Advice(name, Names)}");
        if (node.Arguments.Count > 0 && name == None)
            throw new ThalwegException($"[normalization] expected '{name}' without settings, got '{text}'; leave them out");
        if (name == None)
            return null;
        bool after = name.EndsWith(After, StringComparison.Ordinal);
        Normalization read = Build(after ? node with { Name = name[..^After.Length] } : node);
        return after ? read with { AfterActivation = true } : read;
    }

    /// <summary>The network with the normalization.</summary>
    /// <param name="spec">The network, whose normalization is replaced.</param>
    /// <param name="text">A name, also with settings; see <see cref="Parse"/>.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known or out of range: the message gives the choices.</exception>
    public static NetworkSpec Apply(NetworkSpec spec, string text)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with { Normalization = Parse(text) };
    }

    private static Normalization Build(SettingsNode node)
    {
        try
        {
            return Settings.Build<Normalization>(node);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"[normalization] {error.Message}; write it as in group(8) or batch(momentum=0.99)", error);
        }
    }

    private static IEnumerable<string> NamesOf(SettingsForm form) =>
        form.Example is Normalization { IsOfWeights: true } ? [form.Name] : [form.Name, form.Name + After];

    private static bool TakesSettings(SettingsForm form) => form.ParameterNames.Any(name => name != AfterSetting);
}
