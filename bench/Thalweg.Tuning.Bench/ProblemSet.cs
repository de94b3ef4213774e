using System.CommandLine;

namespace Thalweg.Tuning.Bench;

/// <summary>All problems, in a fixed order: those at even places are for tuning the samplers, those at odd places rank them.</summary>
internal static class ProblemSet
{
    public static IReadOnlyList<Problem> All(string? tables) =>
        [.. Interleave([.. NumberProblems.All()], [.. MixedProblems.All()]), .. tables is null ? [] : TableProblems.All(tables)];

    public static bool IsForRanking(int index) => index % 2 == 1;

    private static IEnumerable<Problem> Interleave(Problem[] first, Problem[] second)
    {
        for (int i = 0; i < Math.Max(first.Length, second.Length); i += 2)
        {
            foreach (Problem problem in first.Skip(i).Take(2).Concat(second.Skip(i).Take(2)))
                yield return problem;
        }
    }
}

/// <summary>Options that commands share.</summary>
internal static class Options
{
    public static Option<string?> Tables() => new("--tables") { Description = "Folder with the tables of trainings that 'tabulate' wrote; left out without it." };
}
