using System.CommandLine;
using System.Globalization;
using System.Text;
using Thalweg.Minimizers;
using Thalweg.Tests.Minimizers.Problems;

namespace Thalweg.Bench.Minimizers;

/// <summary><c>minimizers</c>: the 35 problems of Moré, Garbow and Hillstrom, beside scipy.</summary>
internal static class MinimizersCommand
{
    public static Command Create()
    {
        Option<bool> alone = new("--alone") { Description = "Leave scipy out." };
        Option<bool> details = new("--details") { Description = "Say how each run ended." };
        Command command = new("minimizers", "The 35 problems of Moré, Garbow and Hillstrom: evaluations until solved, beside scipy's, as " +
            "a table in Markdown.") { alone, details };
        command.SetAction(parse => Run(parse.GetValue(alone), parse.GetValue(details)));
        return command;
    }

    private static int Run(bool alone, bool details)
    {
        try
        {
            using ScipyProcess? scipy = alone ? null : new();
            Console.WriteLine(Table(scipy, details));
            return 0;
        }
        catch (ThalwegException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }

    private static string Table(ScipyProcess? scipy, bool details)
    {
        StringBuilder text = new();
        Pairing[] methods = Pairing.All;
        text.AppendLine($"Evaluations until solved, ours / {scipy?.Description ?? "-"}; - not solved.").AppendLine();
        text.AppendLine($"| # | problem | n | {string.Join(" | ", methods.Select(method => $"{method.Name} / {method.Scipy}"))} |");
        text.AppendLine($"|---|---|---|{string.Concat(Enumerable.Repeat("---|", methods.Length))}");
        List<(int Ours, int Theirs)>[] counts = [.. methods.Select(_ => new List<(int, int)>())];
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {problem.Number} | {problem.Name} | {problem.Variables} |");
            for (int k = 0; k < methods.Length; k++)
            {
                Watch ours = new(problem);
                MinimizerResult result = methods[k].Minimizer.Minimize(ours.Evaluate, problem.Start);
                (Watch theirs, string message) = scipy?.Minimize(methods[k].Scipy, problem) ?? (new(problem), "");
                counts[k].Add((ours.Solved, theirs.Solved));
                text.Append(CultureInfo.InvariantCulture, $" {Count(ours.Solved)} / {Count(theirs.Solved)} |");
                if (details)
                {
                    Console.WriteLine(
                        $"{problem.Number} {methods[k].Name}: {result.Text} value {result.Value:R}; scipy {theirs.Evaluations} {message}");
                }
            }

            text.AppendLine();
        }

        text.AppendLine($"| | solved of {MoreGarbowHillstrom.All.Count} | " +
            $"|{string.Concat(counts.Select(c => $" {c.Count(p => p.Ours > 0)} / {c.Count(p => p.Theirs > 0)} |"))}");
        text.Append($"| | median ratio where both solve | |{string.Concat(counts.Select(c => $" {Ratio(c)} |"))}");
        return text.ToString();
    }

    private static string Count(int evaluations) => evaluations > 0 ? evaluations.ToString(CultureInfo.InvariantCulture) : "-";

    private static string Ratio(List<(int Ours, int Theirs)> counts)
    {
        double[] ratios = [.. counts.Where(p => p.Ours > 0 && p.Theirs > 0).Select(p => (double)p.Ours / p.Theirs).Order()];
        return ratios.Length == 0 ? "-" : ((ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2)
            .ToString("0.00", CultureInfo.InvariantCulture);
    }
}
