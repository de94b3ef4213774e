using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Thalweg.Tuning.Bench;

/// <summary>`rank`: mean ranks of samplers over problems and seeds, with intervals, and their regret.</summary>
internal static class RankCommand
{
    private const int Draws = 2000;

    public static Command Create()
    {
        Argument<string[]> files = new("files") { Description = "Results of 'run' and of optuna_study.py." };
        Option<string> half = new("--half") { Description = "Which problems: all, tuning or ranking.", DefaultValueFactory = _ => "ranking" };
        Option<string?> tables = Options.Tables();
        Option<string?> curves = new("--curves") { Description = "An SVG file for the regret after each trial." };
        Command command = new("rank", "Mean ranks with intervals, from results of each sampler for the same problems and seeds.") { files, half, tables, curves };
        command.SetAction(result => Run(
            result.GetRequiredValue(files), result.GetRequiredValue(half), ProblemSet.All(result.GetValue(tables)), result.GetValue(curves)));
        return command;
    }

    private static int Run(string[] files, string half, IReadOnlyList<Problem> problems, string? curves)
    {
        HashSet<string> names = [.. problems.Where((_, i) => half == "all" || ProblemSet.IsForRanking(i) == (half == "ranking")).Select(problem => problem.Name)];
        Dictionary<(string Problem, string Seed), Dictionary<string, double[]>> cells = [];
        foreach (string[] parts in files.SelectMany(File.ReadLines).Select(line => line.Split('\t')).Where(parts => names.Contains(parts[1])))
        {
            if (!cells.TryGetValue((parts[1], parts[2]), out Dictionary<string, double[]>? cell))
                cells.Add((parts[1], parts[2]), cell = []);
            cell[parts[0]] = BestSoFar([.. parts.Skip(3).Select(number => double.Parse(number, CultureInfo.InvariantCulture))]);
        }

        string[] samplers = [.. cells.Values.SelectMany(cell => cell.Keys).Distinct()];
        var complete = cells.Where(cell => cell.Value.Count == samplers.Length).ToDictionary();
        Console.WriteLine($"{complete.Keys.Select(key => key.Problem).Distinct().Count()} problems, {complete.Count} studies of each sampler\n");
        Console.WriteLine($"| sampler | mean rank of {samplers.Length} | 95 % interval | mean regret |\n|---|---|---|---|");
        Dictionary<string, (double Low, double High)> ranges = Ranges(complete);
        foreach ((string sampler, double mean, double low, double high) in samplers.Select(sampler => Ranked(sampler, complete)).OrderBy(row => row.Mean))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {sampler} | {mean:F2} | {low:F2} to {high:F2} | {Regret(complete, sampler, ranges)[^1]:F4} |"));
        if (curves is not null)
            File.WriteAllText(curves, RegretPlot.Draw([.. samplers.Select(sampler => (sampler, Regret(complete, sampler, ranges)))]));
        return 0;
    }

    private static double[] BestSoFar(double[] values)
    {
        for (int i = 1; i < values.Length; i++)
            values[i] = Math.Min(values[i], values[i - 1]);
        return values;
    }

    /// <summary>The mean of the ranks of the best value, and its interval: problems are drawn with replacement, then studies of each.</summary>
    private static (string Sampler, double Mean, double Low, double High) Ranked(
        string sampler, Dictionary<(string Problem, string Seed), Dictionary<string, double[]>> cells)
    {
        double[][] ranks = [.. cells.GroupBy(cell => cell.Key.Problem).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Select(cell => Rank(cell.Value, sampler)).ToArray())];
        RandomStream random = new(1, RandomPurpose.Bootstrap);
        double[] means = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            for (int i = 0; i < ranks.Length; i++)
            {
                double[] own = ranks[random.NextInt32(ranks.Length)];
                double sum = 0;
                for (int k = 0; k < own.Length; k++)
                    sum += own[random.NextInt32(own.Length)];
                means[draw] += sum / own.Length / ranks.Length;
            }
        }

        Array.Sort(means);
        return (sampler, ranks.Average(own => own.Average()), means[(int)(0.025 * Draws)], means[(int)(0.975 * Draws)]);
    }

    private static double Rank(Dictionary<string, double[]> cell, string sampler)
    {
        double own = cell[sampler][^1], tie = 1e-9 * (1 + Math.Abs(own));
        return 0.5 + cell.Values.Sum(values => values[^1] < own - tie ? 1 : values[^1] <= own + tie ? 0.5 : 0);
    }

    /// <summary>The best value of any sampler, and the median of the first values, which scale regret.</summary>
    private static Dictionary<string, (double Low, double High)> Ranges(Dictionary<(string Problem, string Seed), Dictionary<string, double[]>> cells) =>
        cells.GroupBy(cell => cell.Key.Problem).ToDictionary(group => group.Key, group =>
        {
            double[] first = [.. group.SelectMany(cell => cell.Value.Values.Select(values => values[0])).Order()];
            return (group.Min(cell => cell.Value.Values.Min(values => values[^1])), first[first.Length / 2]);
        });

    private static double[] Regret(
        Dictionary<(string Problem, string Seed), Dictionary<string, double[]>> cells, string sampler, Dictionary<string, (double Low, double High)> ranges)
    {
        double[][] regrets = [.. cells.Select(cell => cell.Value[sampler].Select(value =>
            (value - ranges[cell.Key.Problem].Low) / Math.Max(ranges[cell.Key.Problem].High - ranges[cell.Key.Problem].Low, 1e-12)).ToArray())];
        return [.. Enumerable.Range(0, regrets[0].Length).Select(i => regrets.Average(regret => Math.Min(regret[i], 1)))];
    }
}

/// <summary>Draws curves of regret.</summary>
internal static class RegretPlot
{
    private const int Width = 640, Height = 400, Left = 60, Bottom = 40, Right = 150;

    private static readonly string[] s_colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

    public static string Draw((string Name, double[] Regret)[] curves)
    {
        double low = Math.Log10(curves.Min(curve => curve.Regret[^1])), high = Math.Log10(curves.Max(curve => curve.Regret[0]));
        double X(int trial, int count) => Left + ((Width - Left - Right) * (double)trial / (count - 1));
        double Y(double regret) => 10 + ((Height - 10 - Bottom) * (high - Math.Log10(Math.Max(regret, 1e-12))) / Math.Max(high - low, 1e-9));
        StringBuilder svg = new($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        foreach (double tick in new[] { 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01 }.Where(tick => Math.Log10(tick) >= low && Math.Log10(tick) <= high))
            svg.Append(Text($"<path d=\"M{Left},{Y(tick):F1} H{Width - Right}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick}</text>\n"));
        for (int k = 0; k < curves.Length; k++)
        {
            double[] regret = curves[k].Regret;
            string color = s_colors[k % s_colors.Length];
            string points = string.Join(' ', regret.Select((value, i) => Text($"{X(i, regret.Length):F1},{Y(value):F1}")));
            svg.Append($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\"/>\n");
            svg.Append(Text($"<text x=\"{Width - Right + 8}\" y=\"{24 + (18 * k)}\" fill=\"{color}\">{curves[k].Name}</text>\n"));
        }

        return svg.Append(Text($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">trials (1 to {curves[0].Regret.Length}); mean regret, log scale</text>\n</svg>\n")).ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
