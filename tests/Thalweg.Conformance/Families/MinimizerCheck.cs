using Thalweg.Conformance.Golden;
using Thalweg.Minimizers;

namespace Thalweg.Conformance.Families;

/// <summary>Minimizers, one call for each step of a case.</summary>
internal static class MinimizerCheck
{
    public static void Run(GoldenCase golden, Comparison comparison)
    {
        if (golden.Has("groups") || golden.Has("scheduler"))
            throw new UnsupportedException("LBFGS with groups or a scheduler");

        MinimizerRun run = Make(golden.Options).Start(golden.Numbers("start"));
        Problem problem = Problem.Of(golden["problem"]);
        int[] record = [.. golden["record"].EnumerateArray().Select(e => e.GetInt32())];
        int steps = golden["steps"].GetInt32(), next = 0;
        for (int step = 1; step <= steps; step++)
        {
            MinimizerResult result = run.Advance((point, gradient) =>
            {
                (double value, double[] found) = problem.At(point.ToArray(), step);
                found.CopyTo(gradient);
                return value;
            });
            if (next < record.Length && record[next] == step)
                Compare(golden, comparison, result, (step, next++));
        }

        comparison.Require(next == record.Length, $"recorded {next} of {record.Length} steps");
    }

    private static void Compare(GoldenCase golden, Comparison comparison, MinimizerResult result, (int Step, int Place) at)
    {
        comparison.Add($"params after step {at.Step}", result.Point, Json.Numbers(golden["params"][at.Place]));
        if (golden.Has("loss"))
            comparison.Add($"loss before step {at.Step}", result.StartValue, golden["loss"][at.Place].GetDouble());

        if (golden.Has("func_evals"))
        {
            (int expected, int found) = (golden["func_evals"][at.Place].GetInt32(), result.FunctionEvaluations);
            comparison.Require(found == expected, $"evaluations after step {at.Step} are {found}, expected {expected}");
        }
    }

    /// <summary>The minimizer of a case; every option must have been used.</summary>
    public static Lbfgs Make(Options options)
    {
        Lbfgs minimizer = Read(options);
        options.RefuseUnread();
        return minimizer;
    }

    private static Lbfgs Read(Options options) => new()
    {
        LearningRate = options.Number("lr", 1),
        MaximumIterations = options.Integer("max_iter", 20),
        MaximumEvaluations = options.Has("max_eval") ? options.Integer("max_eval", 0) : 0,
        GradientTolerance = options.Number("tolerance_grad", 1e-7),
        ChangeTolerance = options.Number("tolerance_change", 1e-9),
        Memory = options.Integer("history_size", 100),
        Search = options.Text("line_search_fn", "none") == "strong_wolfe" ? LineSearch.StrongWolfe : LineSearch.None,
    };
}
