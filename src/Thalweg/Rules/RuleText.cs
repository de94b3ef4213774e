using System.Globalization;
using System.Reflection;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Schedules;

namespace Thalweg.Rules;

/// <summary>Reads chains, named optimizers and schedules from their text forms.</summary>
/// <remarks>
/// As in <c>chain(clip_by_global_norm(1), scale_by_adam(b2=0.99), scale_by_learning_rate(0.001))</c>.
/// A text is a name with values in parentheses: leading parameters by place, all others as name=value. A value is a number, a
/// choice, or a text again. What is left out has its default; what is not known is an error that names the nearest. A named optimizer in a
/// chain stands for its rules: <c>chain(clip_by_global_norm(1), adam(0.001))</c>, or without a rate for its direction,
/// <c>chain(adam(b1=0.8), scale(-0.001))</c>.
/// </remarks>
public static class RuleText
{
    /// <summary>Names of all rules.</summary>
    public static IReadOnlyList<string> RuleNames { get; } = [.. TextForms.Kind<Rule>().Select(form => form.Name)];

    /// <summary>Names of all named optimizers.</summary>
    public static IReadOnlyList<string> OptimizerNames { get; } = [.. TextForms.Kind<NamedOptimizer>().Select(form => form.Name)];

    /// <summary>Names of all schedules.</summary>
    public static IReadOnlyList<string> ScheduleNames { get; } = [.. TextForms.Kind<Schedule>().Select(form => form.Name)];

    /// <summary>Names of all regularizers.</summary>
    public static IReadOnlyList<string> RegularizerNames { get; } = [.. TextForms.Kind<Regularizer>().Select(form => form.Name)];

    /// <summary>Reads a chain: <c>chain(rule, ...)</c>, one rule alone, or a named optimizer, whose chain it gives.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The text is not one of these: the message says where and what was expected.</exception>
    public static Chain Parse(string text)
    {
        TextNode node = TextNode.Read(text);
        if (node.Name == "chain")
            return Chain.Of([.. node.Arguments.SelectMany((argument, place) => Spliced(node, place, argument.Value))]);
        return TextForms.Kind<NamedOptimizer>().Any(form => form.Name == node.Name)
            ? Build<NamedOptimizer>(node, "optimizer").Chain
            : [Build<Rule>(node, "rule or optimizer", TextForms.Kind<NamedOptimizer>().Select(form => form.Name))];
    }

    /// <summary>A rule of a chain, or the rules of a named optimizer there: with its learning rate where one is given, else its direction
    /// alone.</summary>
    private static IEnumerable<Rule> Spliced(TextNode chain, int place, TextNode node)
    {
        if (TextForms.Kind<NamedOptimizer>().FirstOrDefault(known => known.Name == node.Name) is not { } form)
            return [Build<Rule>(node, "rule", OptimizerNames)];
        Chain rules = Build<NamedOptimizer>(node, "optimizer").Chain;
        bool hasRate = node.Arguments.Where((argument, i) => form.Parameter(argument.Name, i).Name == nameof(NamedOptimizer.LearningRate))
            .Any();
        if (hasRate)
            return rules;
        return chain.Arguments.Skip(place + 1).Any(later => later.Value.Name is "scale" or "scale_by_learning_rate")
            ? rules.Where(rule => rule is not ScaleByLearningRate)
            : throw new ThalwegException(
                $"[rules] expected a rate for {node.Name} in a chain, got none; write {node.Name}(0.001), or end with " +
                "scale_by_learning_rate(0.001)");
    }

    /// <summary>Reads a named optimizer, as in <c>adam</c> or <c>adam(0.001, b2=0.99)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The name, a parameter or a value is not known or out of range: the message gives the
    /// choices.</exception>
    public static NamedOptimizer ParseOptimizer(string text) => Build<NamedOptimizer>(TextNode.Read(text), "optimizer");

    /// <summary>Reads a schedule, as in <c>cosine(0.001, steps=1000, warmup=100)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The name, a parameter or a value is not known or out of range: the message gives the
    /// choices.</exception>
    public static Schedule ParseSchedule(string text) => Build<Schedule>(TextNode.Read(text), "schedule");

    /// <summary>Reads regularizers parted by commas, as in <c>mixup(0.2), l2(1e-4)</c>.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <exception cref="ThalwegException">A name, a parameter or a value is not known or out of range: the message gives the
    /// choices.</exception>
    public static IReadOnlyList<Regularizer> ParseRegularizers(string text) => string.IsNullOrWhiteSpace(text)
        ? []
        : [.. TextNode.Read($"list({text})").Arguments.Select(argument => argument.Name is null
            ? Build<Regularizer>(argument.Value, "regularizer")
            : throw new ThalwegException($"[rules] expected regularizers parted by commas, got '{argument.Name}=...'; write it as in " +
                "mixup(0.2), l2(1e-4)"))];

    /// <summary>Makes the record that a text names.</summary>
    internal static TKind Build<TKind>(TextNode node, string kind, IEnumerable<string>? others = null)
        where TKind : Described
    {
        TextForm[] forms = [.. TextForms.Kind<TKind>()];
        TextForm form = Array.Find(forms, candidate => candidate.Name == node.Name) ?? throw new ThalwegException(
            $"[rules] unknown {kind} '{node.Name}'; {Nearest.Advice(node.Name, forms.Select(known => known.Name).Concat(others ?? []))}");
        Dictionary<PropertyInfo, object> values = [];
        for (int i = 0; i < node.Arguments.Count; i++)
        {
            (string? name, TextNode value) = node.Arguments[i];
            PropertyInfo parameter = form.Parameter(name, i);
            if (!values.TryAdd(parameter, Convert(form, parameter.PropertyType, parameter, value)))
                throw new ThalwegException($"[{form.Name}] expected {TextForm.Snake(parameter.Name)} once, got it twice; leave one out");
        }

        return (TKind)form.Build(values);
    }

    private static object Convert(TextForm form, Type type, PropertyInfo parameter, TextNode node)
    {
        bool isNumber = double.TryParse(node.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) &&
            node.Arguments.Count == 0;
        if (type == typeof(Hyperparameter))
            return isNumber ? (Hyperparameter)number : Build<Schedule>(node, "number or schedule");
        if (type == typeof(double) && isNumber)
            return number;
        if (type == typeof(int) && int.TryParse(node.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole))
            return whole;
        if (type == typeof(LineSearch) && LineSearch.All.FirstOrDefault(search => search.Name == node.Name) is { } found)
            return found;
        if (type == typeof(string) && node.Arguments.Count == 0)
            return node.Name;
        if (type == typeof(Milestones) && node.Name == Milestones.Name)
            return Milestones.Of([.. node.Arguments.Select(argument => (int)Convert(form, typeof(int), parameter, argument.Value))]);
        string[] choices = type == typeof(bool) ? ["true", "false"]
            : type == typeof(LineSearch) ? [.. LineSearch.All.Select(search => search.Name)]
            : type.IsEnum ? [.. Enum.GetNames(type).Select(TextForm.Snake)] : [];
        int choice = Array.IndexOf(choices, node.Name);
        if (choice >= 0)
            return type == typeof(bool) ? choice == 0 : Enum.Parse(type, Enum.GetNames(type)[choice]);
        string expected = choices.Length > 0 ? $"one of {Nearest.Choices(choices)}" : type == typeof(int) ? "a whole number"
            : type == typeof(Milestones) ? "steps as in at(3, 8)" : "a number";
        throw new ThalwegException(
            $"[{form.Name}] expected {TextForm.Snake(parameter.Name)} to be {expected}, got '{node.Name}'; choose a value in that range");
    }
}
