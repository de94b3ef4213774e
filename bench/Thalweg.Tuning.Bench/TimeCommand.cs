using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Thalweg.Tuning.Bench;

/// <summary>`time`: how long a suggestion takes after 200 trials.</summary>
internal static class TimeCommand
{
    private const int Rounds = 9;

    public static Command Create()
    {
        Option<int> trials = new("--trials") { Description = "Trials of the history.", DefaultValueFactory = _ => 200 };
        Command command = new("time", "Milliseconds of a suggestion after some trials, the median of nine, in a space of 8 mixed parameters.") { trials };
        command.SetAction(result => Run(result.GetValue(trials)));
        return command;
    }

    private static int Run(int trials)
    {
        Problem problem = ProblemSet.All(null).First(candidate => candidate.Name == "few-matter8");
        SearchGoal[] goals = [new("value", Maximize: false)];
        List<TrialResult> history = [];
        for (int number = 0; number < trials; number++)
        {
            TrialPoint point = new RandomSampler().Suggest(new(problem.Space, goals, [], [], number, 1));
            history.Add(new(number, point, TrialStatus.Completed, [problem.Value(point)], []));
        }

        foreach (string text in (string[])["random", "sobol", "tpe", "gp", "cma_es", "auto"])
        {
            Sampler sampler = Settings.Parse<Sampler>(text);
            double[] times = [.. Enumerable.Range(0, Rounds + 1).Select(round =>
            {
                long start = Stopwatch.GetTimestamp();
                sampler.Suggest(new(problem.Space, goals, history, [], trials + round, 1));
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }).Skip(1).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text,-10}{times[Rounds / 2],10:F2} ms"));
        }

        return 0;
    }
}
