using System.CommandLine;

namespace Thalweg.Faults;

/// <summary>`healthy`: what the healthy trainings reach.</summary>
internal static class HealthyCommand
{
    public static Command Create()
    {
        Option<string?> folder = CommonOptions.DataFolder(), only = CommonOptions.Only();
        Option<int> workers = CommonOptions.Workers();
        Command command = new("healthy", "Trains the healthy cases and prints their figures.") { folder, only, workers };
        command.SetAction(result =>
        {
            HealthyCase[] cases = [.. HealthyCases.All(result.GetValue(folder)).Where(item => CommonOptions.Matches(item.Name, result.GetValue(only)))];
            CommonOptions.ForAll(cases, result.GetValue(workers), item =>
            {
                Outcome outcome = item.Setup.Train();
                Console.WriteLine(FormattableString.Invariant(
                    $"{item.Half} {item.Name} metric {outcome.TrainingMetric:f3} {outcome.Metric:f3} loss {outcome.TrainingLoss:f3} {outcome.Loss:f3} seconds {outcome.Seconds:f2}"));
                return outcome;
            });
            return 0;
        });
        return command;
    }
}
