using Thalweg.Conformance.Golden;
using Thalweg.Minimizers;

namespace Thalweg.Conformance.Families;

/// <summary>Minimizers, one call for each step of a case.</summary>
internal static class MinimizerCheck
{
    public static void Run(GoldenCase golden, Comparison comparison)
    {
        if (golden.Has("groups") || golden.Has("scheduler"))
        {
            throw new UnsupportedException("LBFGS with groups or a scheduler");
        }

        MinimizerRun run = Make(golden.Options).Start(golden.Numbers("start"));
        golden.Options.RefuseUnread();
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
            if (next == record.Length || record[next] != step)
            {
                continue;
            }

            comparison.Add($"params after step {step}", result.Point, Json.Numbers(golden["params"][next]));
            if (golden.Has("loss"))
            {
                comparison.Add($"loss before step {step}", result.StartValue, golden["loss"][next].GetDouble());
            }

            if (golden.Has("func_evals"))
            {
                int expected = golden["func_evals"][next].GetInt32();
                comparison.Require(result.FunctionEvaluations == expected, $"evaluations after step {step} are " +
                    $"{result.FunctionEvaluations}, expected {expected}");
            }

            next++;
        }

        comparison.Require(next == record.Length, $"recorded {next} of {record.Length} steps");
    }

    private static Lbfgs Make(Options options) => new()
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
