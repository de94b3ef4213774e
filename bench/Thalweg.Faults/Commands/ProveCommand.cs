using System.CommandLine;
using System.Globalization;
using Thalweg.Diagnosis;

namespace Thalweg.Faults;

/// <summary>`prove`: which share of the planted faults a proof repairs, and at what cost.</summary>
internal static class ProveCommand
{
    private const double Points = 0.02, Slack = 1.1, MostCost = 3;

    public static Command Create()
    {
        Option<string?> folder = CommonOptions.DataFolder(), only = CommonOptions.Only();
        Option<string> half = CommonOptions.HalfName();
        Option<int> workers = CommonOptions.Workers();
        Command command = new("prove", "Repairs the planted faults by proofs, and compares with the healthy twins.") { folder, half, only, workers };
        command.SetAction(result =>
        {
            FaultCase[] cases =
            [
                .. CaseList.All(result.GetValue(folder)).Where(item => item.Symptom != Symptom.Trust
                    && CommonOptions.IsIn(result.GetRequiredValue(half), item.Half) && CommonOptions.Matches(item.Name, result.GetValue(only))),
            ];
            (bool IsRepaired, double Cost)[] all = CommonOptions.ForAll(cases, result.GetValue(workers), Repair);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{all.Length} faults, {all.Average(item => item.IsRepaired ? 1.0 : 0):p1} repaired at {MostCost:g1} times the run or less, mean cost {all.Average(item => item.Cost):f2}"));
            return 0;
        });
        return command;
    }

    private static (bool IsRepaired, double Cost) Repair(FaultCase item)
    {
        try
        {
            DoctorOptions options = Report.OptionsOf(item.Faulty);
            Examination examination = Doctor.Examine(item.Faulty.Recipe, options);
            Proof proof = Doctor.Prove(examination, options: options with { Budget = MostCost });
            Outcome healthy = item.Healthy.Train();
            Outcome? repaired = proof.Repaired is { } recipe ? After(item, recipe).Train() : null;
            bool isRepaired = repaired is not null && item.Symptom switch
            {
                Symptom.Loss => repaired.IsFinite && Math.Abs(repaired.Loss) <= (Slack * Math.Abs(healthy.Loss)) + 0.02,
                Symptom.OtherMetric => repaired.Other >= healthy.Other - Points,
                _ => repaired.Bounded >= healthy.Bounded - Points,
            };
            string fix = proof.Best?.Fix.ToString() ?? "no fix helps";
            Console.WriteLine(FormattableString.Invariant(
                $"{(isRepaired ? "repaired" : "not")} {item.Name} {healthy.Metric:f3} {repaired?.Metric ?? double.NaN:f3} cost {proof.Cost:f2} {fix}"));
            return (isRepaired, proof.Cost);
        }
        catch (ThalwegException error)
        {
            Console.WriteLine($"failed {item.Name} {error.Message}");
            return (false, 0);
        }
    }

    /// <summary>The faulty setup with the repaired recipe; data made in code stay unless the recipe now says others.</summary>
    private static Setup After(FaultCase item, Runs.Recipe repaired) => item.Faulty with { Recipe = repaired };
}
