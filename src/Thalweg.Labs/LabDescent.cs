using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Labs;

/// <summary>Optimizers on functions of a few variables, in double.</summary>
internal static class LabDescent
{
    /// <summary>The points that an optimizer goes through, the start first; it ends early where a value is no longer finite.</summary>
    /// <param name="context">Counts the updates.</param>
    /// <param name="chain">The optimizer.</param>
    /// <param name="function">Value and gradient at a point.</param>
    /// <param name="start">Where it starts, <c>[n]</c>.</param>
    /// <param name="steps">Updates.</param>
    /// <returns>Points, <c>[steps + 1][n]</c>.</returns>
    public static double[][] Path(LabContext context, Chain chain, Objective function, double[] start, int steps)
    {
        List<double[]> path = [start];
        Follow(context, chain, function, start, steps, (_, point, _) => path.Add([.. point]));
        return [.. path];
    }

    /// <summary>Updates a point, and shows it after each update.</summary>
    /// <param name="context">Counts the updates.</param>
    /// <param name="chain">The optimizer.</param>
    /// <param name="function">Value and gradient at a point.</param>
    /// <param name="start">Where it starts, <c>[n]</c>.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="each">Takes the number of updates so far, the point, and the value before the update.</param>
    public static void Follow(
        LabContext context, Chain chain, Objective function, double[] start, int steps, Action<int, double[], double> each)
    {
        double[] point = [.. start], gradient = new double[start.Length];
        OptimizerRun run = new(chain, ParameterSegments.Single(start.Length), DType.Float64);
        for (int step = 1; step <= steps; step++)
        {
            double value = function(point, gradient);
            if (!double.IsFinite(value))
                break;
            run.Step<double>(point, gradient);
            context.Count(1);
            each(step, point, value);
        }

        context.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The optimizer of an option, with a learning rate of its own.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="rate">The learning rate.</param>
    public static Chain At(string text, Hyperparameter rate) => Settings.Parse<NamedOptimizer>(text) with { LearningRate = rate };
}
