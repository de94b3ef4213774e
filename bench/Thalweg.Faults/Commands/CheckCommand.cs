using System.CommandLine;

namespace Thalweg.Faults;

/// <summary>`check`: whether each planted fault hurts, against its healthy twin on validation data.</summary>
internal static class CheckCommand
{
    private const double LeastPoints = 0.02, LeastLoss = 1.15;

    public static Command Create()
    {
        Option<string?> folder = CommonOptions.DataFolder(), only = CommonOptions.Only();
        Option<string> half = CommonOptions.HalfName();
        Option<int> seeds = new("--seeds") { Description = "Trainings of each.", DefaultValueFactory = _ => 3 };
        Option<int> workers = CommonOptions.Workers();
        Command command = new("check", "Trains each faulty case and its healthy twin, and says which faults do not hurt.") { folder, half, only, seeds, workers };
        command.SetAction(result => Run(
            [.. CaseList.All(result.GetValue(folder)).Where(item =>
                CommonOptions.IsIn(result.GetRequiredValue(half), item.Half) && CommonOptions.Matches(item.Name, result.GetValue(only)))],
            result.GetValue(seeds), result.GetValue(workers)));
        return command;
    }

    private static int Run(FaultCase[] cases, int seeds, int workers)
    {
        string[] lines = CommonOptions.ForAll(cases, workers, item =>
        {
            string line = Line(item, seeds);
            Console.WriteLine(line);
            return line;
        });
        Console.WriteLine($"{cases.Length} cases, {lines.Count(line => line.StartsWith("weak", StringComparison.Ordinal))} do not hurt, "
            + $"{lines.Count(line => line.StartsWith("error", StringComparison.Ordinal))} fail");
        return 0;
    }

    private static string Line(FaultCase item, int seeds)
    {
        try
        {
            Outcome[] healthy = Train(item.Healthy, seeds);
            if (item.Symptom == Symptom.Trust)
            {
                _ = item.Faulty.Prepare();
                return $"trust {item.Name} healthy {Mean(healthy, outcome => outcome.Bounded):f3}";
            }

            Outcome[] faulty = Train(item.Faulty, seeds);
            double points = Mean(healthy, Figure) - Mean(faulty, Figure), loss = Mean(faulty, Loss) / Mean(healthy, Loss);
            bool hurts = item.Symptom == Symptom.Loss ? loss >= LeastLoss : item.Symptom == Symptom.TooGood ? points <= -LeastPoints : points >= LeastPoints;
            return FormattableString.Invariant(
                $"{(hurts ? "hurts" : "weak")} {item.Name} metric {Mean(healthy, Figure):f3} {Mean(faulty, Figure):f3} loss {Mean(healthy, Loss):f3} {Mean(faulty, Loss):f3} train {Mean(healthy, o => o.TrainingLoss):f3} {Mean(faulty, o => o.TrainingLoss):f3} seconds {healthy[^1].Seconds:f2} {faulty[^1].Seconds:f2}");
        }
        catch (ThalwegException error)
        {
            return $"error {item.Name} {error.Message}";
        }

        double Figure(Outcome outcome) => item.Symptom == Symptom.OtherMetric ? outcome.Other : outcome.Bounded;
    }

    private static double Loss(Outcome outcome) => double.IsFinite(outcome.Loss) ? Math.Min(Math.Abs(outcome.Loss), 100) : 100;

    private static Outcome[] Train(Setup setup, int seeds) =>
        [.. Enumerable.Range(0, seeds).Select(i => setup.WithSeed(setup.Recipe.Seed + (1000 * (ulong)i)).Train())];

    private static double Mean(Outcome[] outcomes, Func<Outcome, double> figure) => outcomes.Average(figure);
}
