using System.CommandLine;
using Thalweg.Minimizers;
using Thalweg.Tests.Minimizers.Problems;

namespace Thalweg.Bench.Minimizers;

/// <summary><c>quadratic</c>: iterations of Newton and of conjugate gradients on quadratics, and what rounding costs.</summary>
internal static class QuadraticCommand
{
    private static readonly int[] s_sizes = [2, 5, 10, 20, 50, 100, 200];
    private static readonly double[] s_conditions = [1e2, 1e4, 1e6];

    public static Command Create()
    {
        Command command = new(
            "quadratic", "Iterations of Newton and of conjugate gradients on quadratics of 2 to 200 variables, as a table in Markdown.");
        command.SetAction(_ => Run());
        return command;
    }

    private static void Run()
    {
        Console.WriteLine("| n | Newton | CG, even, 1e2 | 1e4 | 1e6 | CG, logarithmic, 1e2 | 1e4 | 1e6 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (int n in s_sizes)
        {
            int newton = s_conditions.Max(condition => QuadraticBowl.Run(new Newton(), n, condition).Iterations);
            IEnumerable<string> rounds = from isLogarithmic in (bool[])[false, true]
                                         from condition in s_conditions
                                         select Cell(QuadraticBowl.Run(QuadraticBowl.ConjugateGradients, n, condition, isLogarithmic));
            Console.WriteLine($"| {n} | {newton} | {string.Join(" | ", rounds)} |");
        }
    }

    private static string Cell(MinimizerResult result) =>
        result.Status == MinimizerStatus.GradientSmall ? $"{result.Iterations}" : $"{result.Iterations} ({result.Status})";
}
