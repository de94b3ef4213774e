using System.CommandLine;
using System.Diagnostics;

namespace Thalweg.Tuning.Bench;

/// <summary>`run`: samplers on the problems; each line of the result is sampler, problem, seed and the values of the trials in order.</summary>
internal static class RunCommand
{
    private static readonly Lock s_lock = new();

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Where lines are added; those that it has already are not computed again." };
        Option<string[]> samplers = new("--samplers") { Description = "Texts of samplers.", DefaultValueFactory = _ => ["random", "tpe", "gp", "auto"], AllowMultipleArgumentsPerToken = true };
        Option<int> seeds = new("--seeds") { Description = "Seeds of each.", DefaultValueFactory = _ => 20 };
        Option<int> trials = new("--trials") { Description = "Trials of each study.", DefaultValueFactory = _ => 50 };
        Option<string> half = new("--half") { Description = "Which problems: all, tuning or ranking.", DefaultValueFactory = _ => "all" };
        Option<int> threads = new("--threads") { Description = "Studies at once.", DefaultValueFactory = _ => 1 };
        Option<string?> tables = Options.Tables();
        Command command = new("run", "Runs samplers on the problems.") { file, samplers, seeds, trials, half, threads, tables };
        command.SetAction(result => Run(
            result.GetRequiredValue(file),
            [.. ProblemSet.All(result.GetValue(tables)).Where((_, i) => result.GetValue(half) switch
            {
                "tuning" => !ProblemSet.IsForRanking(i),
                "ranking" => ProblemSet.IsForRanking(i),
                _ => true,
            })],
            [.. result.GetRequiredValue(samplers).Select(Settings.Parse<Sampler>)],
            (result.GetValue(seeds), result.GetValue(trials), result.GetValue(threads))));
        return command;
    }

    /// <summary>The values of the trials of one study, one after the other.</summary>
    public static double[] Study(Problem problem, Sampler sampler, ulong seed, int trials)
    {
        SearchGoal[] goals = [new("value", Maximize: false)];
        List<TrialResult> history = [];
        for (int number = 0; number < trials; number++)
        {
            TrialPoint point = sampler.Suggest(new(problem.Space, goals, [.. history], [], number, seed));
            history.Add(new(number, point, TrialStatus.Completed, [problem.Value(point)], []));
        }

        return [.. history.Select(trial => trial.Values[0])];
    }

    private static int Run(string file, Problem[] problems, Sampler[] samplers, (int Seeds, int Trials, int Threads) size)
    {
        HashSet<string> done = File.Exists(file) ? [.. File.ReadLines(file).Select(line => string.Join('\t', line.Split('\t').Take(3)))] : [];
        var studies = from seed in Enumerable.Range(0, size.Seeds)
                      from sampler in samplers
                      from problem in problems
                      where !done.Contains($"{sampler}\t{problem.Name}\t{seed}")
                      select (seed, sampler, problem);
        long start = Stopwatch.GetTimestamp();
        Parallel.ForEach(studies, new ParallelOptions { MaxDegreeOfParallelism = size.Threads }, study =>
        {
            double[] values = Study(study.problem, study.sampler, (ulong)study.seed, size.Trials);
            string line = $"{study.sampler}\t{study.problem.Name}\t{study.seed}\t{string.Join('\t', values.Select(SettingsText.Number))}\n";
            lock (s_lock)
                File.AppendAllText(file, line);
        });
        Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        return 0;
    }
}
