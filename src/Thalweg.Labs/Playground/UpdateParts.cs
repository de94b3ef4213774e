using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Labs.Playground;

/// <summary>Takes an update apart by asking the rules themselves: each part of the chain, and each rule from a changed state.</summary>
/// <remarks>No formula is computed a second time. What momentum added is what the rule gives less than what it gives from an average of 0;
/// what bias correction did is what it gives over what it gives long after the start, where no correction is left.</remarks>
internal static class UpdateParts
{
    /// <summary>A step at which powers of any decay below 1 - 1e-6 are 0.</summary>
    private const long Late = 1_000_000_000;

    /// <summary>Takes one update apart.</summary>
    /// <exception cref="ThalwegException">The run ends before it: choose an earlier one.</exception>
    public static StepAnswer Of(StepRequest request)
    {
        Ground ground = request.Ground;
        Surface surface = ground.Open();
        Chain chain = ChainText.Parse(request.Racer.Text);
        OptimizerRun run = new(chain, ParameterSegments.Single(2), DType.Float64);
        GroundSource source = new(surface, ground);
        RunUpTo(request.Step, run, source);
        double[] point = source.Point, slope = new double[2];
        double value = surface.Value(point[0], point[1], slope);
        StateSlot[] before = [.. run.State.Slots.Select(slot => slot with { Values = slot.Values.Clone() })];
        CurvatureSignal curvature = source.EstimateCurvature(default);
        run.TakeGradient(source);
        double[] gradient = source.Gradients.ToArray<double>(), home = source.Point;
        List<RuleStep> rules = RulesOf(chain, new(home, gradient, curvature, source.Step, before));
        double[] hessian = surface.Hessian(point[0], point[1]);
        run.Step(source.Values, source.Gradients);
        return new StepAnswer
        {
            Point = point,
            Value = value,
            Slope = slope,
            Gradient = gradient,
            Update = [source.Point[0] - home[0], source.Point[1] - home[1]],
            Hessian = hessian,
            Eigen = Eigen(hessian),
            Rules = rules,
        };
    }

    private static void RunUpTo(int step, OptimizerRun run, GroundSource source)
    {
        for (; source.Step < step - 1; source.Step++)
        {
            if (!double.IsFinite(run.TakeGradient(source)))
            {
                throw new ThalwegException($"[playground] expected an update from 1 to {source.Step}, after which the run left the finite "
                    + $"numbers, got {step}; choose an earlier one");
            }

            run.Step(source.Values, source.Gradients);
        }
    }

    /// <summary>What each rule did, each as the end of the chain that leads to it.</summary>
    private static List<RuleStep> RulesOf(Chain chain, Update update)
    {
        List<RuleStep> rules = [];
        double[] input = update.Gradient;
        for (int count = 1; count <= chain.Count; count++)
        {
            if (Start(chain, count) is not { } start || Take(start, update.Before, update) is not { } result)
                continue;
            rules.Add(Describe(start, result.Run, input, result.Output, update));
            input = result.Output;
        }

        return rules;
    }

    /// <summary>The first rules of a chain; null where they cannot stand alone.</summary>
    private static Chain? Start(Chain chain, int count)
    {
        try
        {
            return Chain.Of([.. chain.Take(count)]);
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    /// <summary>Makes the update with the first rules of the chain alone.</summary>
    private static (double[] Output, OptimizerRun Run)? Take(Chain chain, IEnumerable<StateSlot> slots, Update update)
    {
        OptimizerRun run = new(chain, ParameterSegments.Single(2), DType.Float64);
        FixedSource source = new(update.Point, update.Gradient, update.Curvature);
        HashSet<string> known = [.. run.State.Slots.Select(slot => slot.Name)];
        run.State.Restore(update.Step, slots.Where(slot => known.Contains(slot.Name)));
        run.TakeGradient(source);
        run.Step(source.Values, source.Gradients);
        double[] after = source.Values.ToArray<double>(), output = [after[0] - update.Point[0], after[1] - update.Point[1]];
        return output.All(double.IsFinite) ? (output, run) : null;
    }

    private static RuleStep Describe(Chain chain, OptimizerRun run, double[] input, double[] output, Update update)
    {
        Rule rule = chain[^1];
        string own = $"{chain.Count - 1}.{Settings.NameOf(rule.GetType())}.";
        SlotValue[] slots = [.. run.State.Slots.Where(slot => slot.Name.StartsWith(own, StringComparison.Ordinal))
            .Select(slot => new SlotValue(slot.Name[own.Length..],
                Numbers(update.Before.First(old => old.Name == slot.Name).Values), Numbers(slot.Values)))];
        return new RuleStep(rule.ToString(), rule.Formula, input, output)
        {
            Slots = slots,
            Terms = [.. Terms(chain, own, slots, (input, output), update)],
        };
    }

    private static IEnumerable<UpdateTerm> Terms(
        Chain chain, string own, SlotValue[] slots, (double[] Input, double[] Output) rule, Update update)
    {
        double[] output = rule.Output;
        string? average = chain[^1] switch
        {
            ScaleByMomentum => "v",
            ScaleByAdam or ScaleByNAdam or ScaleByRAdam or ScaleByBelief or ScaleByYogi or ScaleByAdaMax or ScaleBySophia => "m",
            _ => null,
        };
        if (average is not null
            && Take(chain, update.Before.Select(slot => slot.Name == own + average ? Zeros(slot) : slot), update) is { } fresh)
        {
            yield return new("momentum", output[0] - fresh.Output[0], output[1] - fresh.Output[1], false);
            yield return new("gradient", fresh.Output[0], fresh.Output[1], false);
        }

        bool divides = chain[^1] is ScaleByAdam or ScaleByBelief or ScaleByYogi or ScaleByAdaMax or ScaleByRms or ScaleByAdaGrad;
        bool follows = chain.Any(item => item.ToString().IndexOf('(', StringComparison.Ordinal) is >= 0 and int at
            && item.ToString().IndexOf('(', at + 1) >= 0);
        if (!divides || follows || Take(chain, update.Before, update with { Step = Late }) is not { } late)
            yield break;
        IReadOnlyList<double> above = average is null ? rule.Input : slots.First(slot => slot.Name == average).After;
        if (late.Output[0] != 0 && late.Output[1] != 0)
        {
            yield return new("root", above[0] / late.Output[0], above[1] / late.Output[1], true);
            yield return new("correction", output[0] / late.Output[0], output[1] / late.Output[1], true);
        }
    }

    private static StateSlot Zeros(StateSlot slot) => slot with { Values = Tensor.Full(slot.Values.Shape, 0, slot.Values.DType) };

    private static double[] Numbers(Tensor values) => values.To(DType.Float64).ToArray<double>();

    /// <summary>Eigenvalues and directions of a symmetric matrix xx, xy, yy, the smaller value first.</summary>
    private static double[][] Eigen(double[] matrix)
    {
        (double a, double b, double c) = (matrix[0], matrix[1], matrix[2]);
        double middle = (a + c) / 2, half = Math.Sqrt(((a - c) / 2 * ((a - c) / 2)) + (b * b));
        double angle = Math.Atan2(2 * b, a - c) / 2;
        (double x, double y) = (Math.Cos(angle), Math.Sin(angle));
        return [[middle - half, -y, x], [middle + half, x, y]];
    }

    /// <summary>What all parts of an update share.</summary>
    private sealed record Update(double[] Point, double[] Gradient, CurvatureSignal Curvature, long Step, StateSlot[] Before);
}
