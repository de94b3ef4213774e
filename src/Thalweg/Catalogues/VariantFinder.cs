using System.Reflection;
using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Catalogues;

/// <summary>Finds the settings of a record that change its formula, by trying them.</summary>
internal static class VariantFinder
{
    /// <summary>The variants, each with as few settings as it takes: at most one beside the one that is tried.</summary>
    public static IReadOnlyList<CatalogueVariant> Of(SettingsForm form)
    {
        (PropertyInfo Property, object Value)[] candidates = [.. form.Parameters
            .Where(parameter => !parameter.IsLeading && !IsShared(parameter.Property))
            .SelectMany(parameter => Others(parameter.Property, parameter.Default!).Select(value => (parameter.Property, value)))];
        List<CatalogueVariant> variants = [];
        foreach ((PropertyInfo Property, object Value) candidate in candidates)
        {
            CatalogueVariant? found = Alone(form, candidate) ?? candidates
                .Where(other => other.Property != candidate.Property)
                .Select(other => Beside(form, other, candidate))
                .FirstOrDefault(beside => beside is not null);
            if (found is not null)
                variants.Add(found);
        }

        return [.. variants.DistinctBy(variant => variant.Formula)];
    }

    /// <summary>Whether all of a kind have the parameter: its variants are the same for each, and are listed once.</summary>
    public static bool IsShared(PropertyInfo property) => property.DeclaringType is { } type
        && (type == typeof(NamedOptimizer) || type == typeof(Schedule) || type == typeof(Minimizer));

    /// <summary>The source of a record, and those of rules that its settings bring in.</summary>
    /// <param name="record">The record.</param>
    /// <param name="example">The same with all defaults.</param>
    public static string SourceOf(Described record, Described example)
    {
        if (record is not NamedOptimizer optimizer || example is not NamedOptimizer plain || record.Source != example.Source)
            return record.Source;
        IEnumerable<string> more = optimizer.Chain.Select(rule => rule.Source).Except(plain.Chain.Select(rule => rule.Source));
        return string.Join("; ", more.Prepend(record.Source));
    }

    private static CatalogueVariant? Alone(SettingsForm form, (PropertyInfo, object) setting) =>
        Make(form, setting) is { } record && record.Formula != FormulaOf(form) ? Variant(form, record, setting) : null;

    /// <summary>A setting that says nothing, or is refused, unless another one is given too.</summary>
    private static CatalogueVariant? Beside(SettingsForm form, (PropertyInfo, object) other, (PropertyInfo Property, object) setting) =>
        setting.Property.PropertyType is { IsEnum: true } or { FullName: "System.Boolean" }
        && Make(form, other, setting) is { } record && record.Formula != FormulaOf(form)
            && record.Formula != Make(form, other)?.Formula
            ? Variant(form, record, other, setting)
            : null;

    private static string FormulaOf(SettingsForm form) => ((Described)form.Example!).Formula;

    private static Described? Make(SettingsForm form, params ReadOnlySpan<(PropertyInfo, object)> settings)
    {
        try
        {
            var record = (Described)form.With(settings);
            _ = record.Formula;
            return record;
        }
        catch (ThalwegException)
        {
            // Settings that contradict each other are no variant.
            return null;
        }
    }

    private static CatalogueVariant Variant(SettingsForm form, Described record,
        params ReadOnlySpan<(PropertyInfo Property, object Value)> settings)
    {
        string[] texts = [.. settings.ToArray()
            .Select(setting => (Parameter: form.Parameters.First(parameter => parameter.Property == setting.Property), setting.Value))
            .Select(setting => $"{setting.Parameter.Name}={setting.Parameter.Write(setting.Value)}")];
        return new($"{form.Name}({string.Join(", ", texts)})", record.Formula, SourceOf(record, (Described)form.Example!));
    }

    /// <summary>Values to try: all other choices; for a number that is 0, one that is not.</summary>
    private static IEnumerable<object> Others(PropertyInfo property, object value) => value switch
    {
        bool flag => [!flag],
        Enum => Enum.GetNames(property.PropertyType).Select(name => Enum.Parse(property.PropertyType, name))
            .Where(choice => !choice.Equals(value)),
        Hyperparameter { IsZero: true } => [(Hyperparameter)Sample(property)],
        0.0 => [Sample(property)],
        _ => [],
    };

    private static double Sample(PropertyInfo property) => property.Name is "Mu" or "Momentum" or "Dampening" ? 0.9 : 0.01;
}
