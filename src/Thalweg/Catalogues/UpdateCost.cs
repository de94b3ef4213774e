using System.Globalization;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Catalogues;

/// <summary>What one update costs.</summary>
/// <param name="Gradients">Gradients that it takes.</param>
/// <param name="Passes">Passes over the parameters: one per fused group of rules, more where a rule looks at the
/// whole update first.</param>
/// <param name="MatrixWork">Work beside the passes, in a few words; empty where there is none.</param>
/// <param name="BytesPerParameter">State in bytes per parameter of type Float32, measured on a weight matrix <c>[256, 128]</c>.</param>
/// <param name="Slots">The state: each slot with its size.</param>
public sealed record UpdateCost(int Gradients, int Passes, string MatrixWork, double BytesPerParameter, IReadOnlyList<string> Slots)
{
    private const int SingleBytes = 4, DoubleBytes = 8;

    private static readonly Shape s_shape = new(256, 128), s_other = new(512, 64);

    /// <summary>The cost of a chain.</summary>
    /// <param name="rules">Its rules.</param>
    public static UpdateCost Of(IReadOnlyList<Rule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        int gates = rules.Count(rule => rule is GateRule),
            looks = Enumerable.Range(0, rules.Count).Sum(position => PassesOf(rules, position));
        int groups = RuleGroups.Of(rules, OptimizerRun.GroupSize).Count();
        return new(
            rules.Max(rule => rule.Needs.Gradients),
            gates + looks + groups,
            string.Join("; ", rules.Select(rule => rule.MatrixWork).OfType<string>()),
            rules.Sum(rule => rule.Slots.Sum(slot => Bytes(rule, slot, s_shape))),
            [.. rules.SelectMany(rule => rule.Slots.Select(slot => Describe(rule, slot)))]);
    }

    /// <summary>Passes before a rule's own; none where the pass of the rules before it takes the norms that it asks for.</summary>
    private static int PassesOf(IReadOnlyList<Rule> rules, int position) => rules[position] is not ReduceRule rule
        || (rule.NeedsNorms && position > 0 && rules[position - 1] is not GateRule) ? 0 : rule.Passes;

    private static ParameterSegments Matrix(Shape shape) => new(new ParameterSegment("0.weight", 0, (int)shape.Length, Shape: shape));

    private static double Bytes(Rule rule, string slot, Shape shape)
    {
        SlotPlan plan = rule.PlanOf(slot, Matrix(shape));
        return plan.Length <= 1 ? 0 : (double)plan.Length * (plan.IsExact ? DoubleBytes : SingleBytes) / shape.Length;
    }

    private static string Describe(Rule rule, string slot)
    {
        SlotPlan plan = rule.PlanOf(slot, Matrix(s_shape));
        double bytes = Bytes(rule, slot, s_shape);
        string size = plan.Length == 0 ? "none for matrices"
            : plan.Length == 1 ? "one number"
            : bytes == Bytes(rule, slot, s_other) ? $"{Number(bytes)} bytes per parameter"
            : $"by shape: {Number(bytes)} bytes per parameter of a matrix {s_shape}";
        return $"{slot} ({size})";
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
