using System.CommandLine;
using System.Globalization;

namespace Thalweg.Tuning.Bench;

/// <summary>`prune`: samplers with pruners on the tables of trainings, at equal epochs.</summary>
internal static class PruneCommand
{
    private static readonly string[] s_pairs =
    [
        "random+none", "random+screen", "random+asha", "random+hyperband", "random+median", "tpe+asha", "auto+none", "auto+screen", "auto+asha", "auto+hyperband",
        "auto+median",
    ];

    public static Command Create()
    {
        Option<string?> tables = Options.Tables();
        Option<string[]> pairs = new("--pairs") { Description = "Sampler+pruner.", DefaultValueFactory = _ => s_pairs, AllowMultipleArgumentsPerToken = true };
        Option<int> epochs = new("--epochs") { Description = "Epochs of each study.", DefaultValueFactory = _ => 270 };
        Option<int> seeds = new("--seeds") { Description = "Seeds of each.", DefaultValueFactory = _ => 20 };
        Command command = new("prune", "Samplers with pruners at equal epochs, on the tables of trainings: mean rank and regret.") { tables, pairs, epochs, seeds };
        command.SetAction(result => Run(
            result.GetValue(tables) ?? throw new ThalwegException("[prune] expected --tables, got none; give the folder that 'tabulate' wrote"),
            result.GetRequiredValue(pairs), result.GetValue(epochs), result.GetValue(seeds)));
        return command;
    }

    private static int Run(string folder, string[] pairs, int epochs, int seeds)
    {
        double[] ranks = new double[pairs.Length], regrets = new double[pairs.Length];
        int cells = 0;
        foreach (string file in Directory.GetFiles(folder, "*.tsv").Order(StringComparer.Ordinal))
        {
            (SearchSpace space, Dictionary<string, double[]> curves) = TableProblems.Curves(file);
            double[] sorted = [.. curves.Values.Select(curve => curve.Min()).Order()];
            for (int seed = 0; seed < seeds; seed++, cells++)
            {
                double[] best = [.. pairs.Select(pair => new PrunedStudy(space, curves, pair, (ulong)seed).Run(epochs))];
                for (int i = 0; i < pairs.Length; i++)
                {
                    ranks[i] += 0.5 + best.Sum(other => other < best[i] - 1e-12 ? 1 : other <= best[i] + 1e-12 ? 0.5 : 0);
                    regrets[i] += (best[i] - sorted[0]) / (sorted[sorted.Length / 2] - sorted[0]);
                }
            }
        }

        Console.WriteLine("| sampler + pruner | mean rank | mean regret |\n|---|---|---|");
        foreach (int i in Enumerable.Range(0, pairs.Length).OrderBy(i => ranks[i]))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pairs[i]} | {ranks[i] / cells:F2} | {regrets[i] / cells:F4} |"));
        return 0;
    }
}

/// <summary>A study with one worker whose trials are looked up.</summary>
internal sealed class PrunedStudy(SearchSpace space, Dictionary<string, double[]> curves, string pair, ulong seed)
{
    private static readonly SearchGoal s_goal = new("loss", Maximize: false);

    private readonly Sampler _sampler = Settings.Parse<Sampler>(pair.Split('+')[0]);
    private readonly Pruner _pruner = Settings.Parse<Pruner>(pair.Split('+')[1]);
    private readonly List<TrialResult> _history = [];
    private int _left;

    /// <summary>The best loss of any epoch after some epochs of training.</summary>
    public double Run(int epochs)
    {
        int most = curves.Values.First().Length;
        _left = epochs;

        // A screen must know how many trials it starts: so many that the kept ones can be finished.
        int trials = _pruner is ScreenPruner screen ? Math.Max(1, epochs - (screen.Kept * (most - screen.MinBudget))) : int.MaxValue;
        int started = 0;
        while (_left > 0)
        {
            if (_pruner.Resume(new(s_goal, _history, [], trials - started, most)) is { } number)
                Continue(_history.First(trial => trial.Number == number), most);
            else if (started < trials)
                Continue(New(started++), most);
            else
                break;
        }

        return _history.Where(trial => trial.Curve.Count > 0).Min(trial => trial.Curve.Min());
    }

    private TrialResult New(int number) =>
        new(number, _sampler.Suggest(new(space, [s_goal], _history, [], number, seed)), TrialStatus.Pruned, [], []);

    private void Continue(TrialResult trial, int most)
    {
        double[] whole = curves[trial.Point.ToString()];
        List<double> curve = [.. trial.Curve];
        _history.RemoveAll(other => other.Number == trial.Number);
        while (_left > 0 && curve.Count < most)
        {
            curve.Add(whole[curve.Count]);
            _left--;
            if (_pruner.Decide(new(s_goal, _history, curve, trial.Number, most)) == PruneDecision.Pause)
                break;
        }

        bool isComplete = curve.Count == most;
        _history.Add(trial with { Curve = curve, Status = isComplete ? TrialStatus.Completed : TrialStatus.Pruned, Values = isComplete ? [curve.Min()] : [] });
    }
}
