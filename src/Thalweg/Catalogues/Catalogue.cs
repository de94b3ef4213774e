using System.Reflection;
using Thalweg.Initializers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Catalogues;

/// <summary>Everything that has a name: what it computes, what it costs, where it comes from and when to use it.</summary>
/// <remarks>Made from the records themselves: a new optimizer, rule or schedule is in the catalogue as soon as it has
/// a text form.</remarks>
public static class Catalogue
{
    /// <summary>The named optimizers.</summary>
    public static IReadOnlyList<CatalogueEntry> Optimizers { get; } = [.. Settings.Forms<NamedOptimizer>().Select(Entry)];

    /// <summary>The rules that chains are made of.</summary>
    public static IReadOnlyList<CatalogueEntry> Rules { get; } = [.. Settings.Forms<Rule>().Select(Entry)];

    /// <summary>The schedules.</summary>
    public static IReadOnlyList<CatalogueEntry> Schedules { get; } = [.. Settings.Forms<Schedule>().Select(Entry)];

    /// <summary>The regularizers.</summary>
    public static IReadOnlyList<CatalogueEntry> Regularizers { get; } = [.. Settings.Forms<Regularizer>().Select(Entry)];

    /// <summary>Layers and settings of the trainer that regularize, and have no text form.</summary>
    public static IReadOnlyList<CatalogueEntry> RegularizersElsewhere => RelatedEntries.Regularizers;

    /// <summary>Ways to start from data or from another model, which have no text form.</summary>
    public static IReadOnlyList<CatalogueEntry> Starts => RelatedEntries.Starts;

    /// <summary>The minimizers.</summary>
    public static IReadOnlyList<CatalogueEntry> Minimizers { get; } = [.. Settings.Forms<Minimizer>().Select(Entry)];

    /// <summary>The initializers.</summary>
    public static IReadOnlyList<CatalogueEntry> Initializers { get; } = [.. Settings.Forms<Initializer>().Select(Entry)];

    /// <summary>The entry of a text such as <c>adam</c>, <c>adam(form=folded)</c> or <c>chain(centralize, adam(0.001))</c>, with the
    /// formula that the text gives.</summary>
    /// <param name="text">A named optimizer, a rule, a chain of them, or a minimizer.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known: the message gives the choices.</exception>
    public static CatalogueEntry Optimizer(string text)
    {
        string name = NameIn(text);
        if (name == "chain")
            return Entry(ChainText.Parse(text));
        if (Minimizers.Any(minimizer => minimizer.Name == name))
            return Minimizer(text);
        CatalogueEntry? rule = Rules.FirstOrDefault(entry => entry.Name == name);
        if (rule is not null)
            return IsBare(text) ? rule : Filled(rule, ChainText.Parse(text)[0], Example<Rule>(name));
        CatalogueEntry entry = Find(Optimizers, name, "optimizer", Rules);
        return IsBare(text) ? entry : Filled(entry, Settings.Parse<NamedOptimizer>(text), Example<NamedOptimizer>(name));
    }

    /// <summary>The entry of a text such as <c>cosine</c> or <c>cosine(0.1, steps=1000)</c>, with the formula that
    /// the text gives.</summary>
    /// <param name="text">A schedule.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known: the message gives the choices.</exception>
    public static CatalogueEntry Schedule(string text)
    {
        // What falls when a metric stops improving is a rule, but is looked for here.
        if (NameIn(text) == Settings.NameOf(typeof(ReduceOnPlateau)))
            return Optimizer(text);
        CatalogueEntry entry = Find(Schedules, NameIn(text), "schedule", []);
        return IsBare(text) ? entry : Filled(entry, Settings.Parse<Schedule>(text), Example<Schedule>(entry.Name));
    }

    /// <summary>The entry of a text such as <c>mixup</c> or <c>l2(1e-4, factor=whole)</c>, with the formula that the text gives.</summary>
    /// <param name="text">A regularizer.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known: the message gives the choices.</exception>
    public static CatalogueEntry Regularizer(string text)
    {
        CatalogueEntry entry = Find([.. Regularizers, .. RegularizersElsewhere], NameIn(text), "regularizer", []);
        return IsBare(text) || RegularizersElsewhere.Contains(entry)
            ? entry
            : Filled(entry, Settings.ParseAll<Regularizer>(text)[0], Example<Regularizer>(entry.Name));
    }

    /// <summary>The entry of a text such as <c>lbfgs</c> or <c>newton(form=saddle_free)</c>, with the formula that
    /// the text gives.</summary>
    /// <param name="text">A minimizer.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known: the message gives the choices.</exception>
    public static CatalogueEntry Minimizer(string text)
    {
        CatalogueEntry entry = Find(Minimizers, NameIn(text), "minimizer", []);
        return IsBare(text) ? entry : Filled(entry, Settings.Parse<Minimizer>(text), Example<Minimizer>(entry.Name));
    }

    /// <summary>The entry of an initializer.</summary>
    /// <param name="text">Its name, or a text with arguments; <c>he</c> and <c>xavier</c> stand for
    /// <c>he_normal</c> and <c>xavier_uniform</c>.</param>
    /// <exception cref="ThalwegException">The name or an argument is not known: the message gives the choices.</exception>
    public static CatalogueEntry InitializerNamed(string text)
    {
        if (Starts.FirstOrDefault(start => start.Name == NameIn(text)) is { } start)
            return start;
        SettingsForm? form = Settings.FormOf<Initializer>(NameIn(text));
        CatalogueEntry entry = Find([.. Initializers, .. Starts], form?.Name ?? NameIn(text), "initializer", []);
        return IsBare(text) ? entry : entry with { Text = Settings.Parse<Initializer>(text).ToString() };
    }

    private static CatalogueEntry Find(IReadOnlyList<CatalogueEntry> entries, string name, string kind,
        IReadOnlyList<CatalogueEntry> others) =>
        entries.FirstOrDefault(entry => entry.Name == name) ?? throw new ThalwegException(
            $"[{kind}s] unknown {kind} '{name}'; {NearestName.Advice(name, entries.Concat(others).Select(entry => entry.Name))}");

    private static string NameIn(string text) => text.Split('(')[0].Trim();

    private static bool IsBare(string text) => !text.Contains('(', StringComparison.Ordinal);

    private static CatalogueEntry Entry(SettingsForm form)
    {
        CatalogueEntry entry = new()
        {
            Name = form.Name,
            DocumentationId = $"T:{form.Type.FullName}",
            Text = "",
            Formula = "",
            Source = "",
            Use = "",
            Parameters = [.. form.Parameters.Select(Parameter)],
            Variants = VariantFinder.Of(form),
        };
        var example = (Described)form.Example!;
        return Filled(entry, example, example);
    }

    private static CatalogueEntry Entry(Chain chain) => new()
    {
        Name = "chain",
        DocumentationId = "",
        Text = chain.ToString(),
        Formula = chain.Formula,
        Source = string.Join("; ", chain.Select(rule => rule.Source).Distinct()),
        Use = "a custom recipe",
        Parameters = [],
        Cost = UpdateCost.Of(chain),
    };

    private static Described Example<TKind>(string name)
        where TKind : Described => (Described)Settings.Forms<TKind>().First(form => form.Name == name).Example!;

    /// <summary>The entry with what a record says that differs from the example in its settings.</summary>
    private static CatalogueEntry Filled(CatalogueEntry entry, Described record, Described example) => entry with
    {
        Text = record is NamedOptimizer named ? named.Chain.ToString() : record.ToString(),
        Formula = record.Formula,
        Source = VariantFinder.SourceOf(record, example),
        Use = record.Use,
        Cost = record switch
        {
            NamedOptimizer optimizer => UpdateCost.Of(optimizer.Chain),
            Rule rule => UpdateCost.Of([rule]),
            _ => null,
        },
        RobbinsMonro = record is Schedule schedule ? VerdictOn(schedule) : "",
        IterationCost = (record as Minimizer)?.IterationCost ?? "",
        Memory = record is Minimizer minimizer ? MemoryOf(minimizer) : "",
    };

    private static string VerdictOn(Schedule schedule)
    {
        RobbinsMonroVerdict verdict = RobbinsMonro.Check(schedule);
        return $"{verdict.Holds switch { true => "holds", false => "fails", null => "unknown" }}: {verdict.Reason}";
    }

    /// <summary>The bound on the doubles of a run as a formula of the number of variables n, from the bound itself at 1, 2 and 3.</summary>
    private static string MemoryOf(Minimizer minimizer)
    {
        long one = minimizer.StateLength(1), two = minimizer.StateLength(2);
        long squares = (two - (2 * one)) / 2, linear = one - squares;
        if (minimizer.StateLength(3) != (9 * squares) + (3 * linear))
            throw new InvalidOperationException($"the memory of {minimizer} is no a n^2 + b n");
        string square = squares switch { 0 => "", 1 => "n^2 + ", _ => $"{squares} n^2 + " };
        return $"{square}{linear} n doubles, n variables";
    }

    private static CatalogueParameter Parameter(SettingsParameter parameter)
    {
        Type type = parameter.Property.PropertyType;
        return new(
            parameter.Name,
            $"P:{parameter.Property.DeclaringType!.FullName}.{parameter.Property.Name}",
            parameter.IsRequired ? null : parameter.Write(parameter.Default).ToString(),
            [.. parameter.Value.Choices.Select((choice, position) => new CatalogueChoice(choice, ChoiceId(type, position)))],
            !parameter.IsLeading && VariantFinder.IsShared(parameter.Property)
                && (parameter.Property.DeclaringType == typeof(Minimizer) || IsUsual(parameter.Default!)));
    }

    /// <summary>Name of a choice in the XML documentation; empty where it has none.</summary>
    private static string ChoiceId(Type type, int position) =>
        type.IsEnum ? $"F:{type.FullName}.{Enum.GetNames(type)[position]}"
        : type == typeof(LineSearch) ? SearchId(LineSearch.All[position])
        : "";

    /// <summary>Name of a search in the XML documentation, where it is a static property.</summary>
    private static string SearchId(LineSearch search) => typeof(LineSearch).GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(property => ReferenceEquals(property.GetValue(null), search))
        .Select(property => $"P:{typeof(LineSearch).FullName}.{property.Name}")
        .Single();

    /// <summary>Whether a default is what it is unless a record says otherwise: 0, or the first choice.</summary>
    private static bool IsUsual(object value) => value is Hyperparameter { IsZero: true } or false or 0
        || (value is Enum && Convert.ToInt32(value, null) == 0);
}
