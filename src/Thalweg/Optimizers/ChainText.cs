using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Reads chains of rules from their text forms.</summary>
/// <remarks>
/// As in <c>chain(clip_by_global_norm(1), scale_by_adam(b2=0.99), scale_by_learning_rate(0.001))</c>. A named optimizer in a chain
/// stands for its rules: <c>chain(clip_by_global_norm(1), adam(0.001))</c>, or without a rate for its direction,
/// <c>chain(adam(b1=0.8), scale(-0.001))</c>. For a named optimizer alone, use <see cref="Settings.Parse{TKind}"/>.
/// </remarks>
public static class ChainText
{
    /// <summary>Name of a chain in texts.</summary>
    public const string Name = "chain";

    /// <summary>Reads a chain: <c>chain(rule, ...)</c>, one rule alone, or a named optimizer, whose chain it gives.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The text is not one of these: the message says where and what was expected.</exception>
    public static Chain Parse(string text) => Build(SettingsNode.Read(text));

    /// <summary>Makes a chain from a text that was read.</summary>
    /// <param name="node">What was read.</param>
    /// <exception cref="ThalwegException">It is no chain, rule or optimizer: the message says what was expected.</exception>
    public static Chain Build(SettingsNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Name == Name)
            return Chain.Of([.. node.Arguments.SelectMany((argument, position) => Spliced(node, position, argument.Value))]);
        return FormOf(node) is not null
            ? Settings.Build<NamedOptimizer>(node).Chain
            : [Settings.Build<Rule>(node, "rule or optimizer", Settings.Names<NamedOptimizer>())];
    }

    /// <summary>A rule of a chain, or the rules of a named optimizer there: with its learning rate where one is given, else
    /// its direction alone.</summary>
    private static IEnumerable<Rule> Spliced(SettingsNode chain, int position, SettingsNode node)
    {
        if (FormOf(node) is not { } form)
            return [Settings.Build<Rule>(node, "rule", Settings.Names<NamedOptimizer>())];
        Chain rules = Settings.Build<NamedOptimizer>(node).Chain;
        bool hasRate = node.Arguments
            .Where((argument, i) => form.Parameter(argument, i).Property.Name == nameof(NamedOptimizer.LearningRate))
            .Any();
        if (hasRate)
            return rules;
        return chain.Arguments.Skip(position + 1).Any(later => later.Value.Name is "scale" or "scale_by_learning_rate")
            ? rules.Where(rule => rule is not ScaleByLearningRate)
            : throw new ThalwegException(
                $"[{Name}] expected a rate for {node.Name} in a chain, got none; write {node.Name}(0.001), or end with " +
                "scale_by_learning_rate(0.001)");
    }

    private static SettingsForm? FormOf(SettingsNode node) => Settings.FormOf<NamedOptimizer>(node.Name);
}
