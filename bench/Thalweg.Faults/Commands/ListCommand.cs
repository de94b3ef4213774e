using System.CommandLine;

namespace Thalweg.Faults;

/// <summary>`list`: the cases of the suite.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        Option<string?> folder = CommonOptions.DataFolder();
        Command command = new("list", "Lists the cases with half, kind of network and cause.") { folder };
        command.SetAction(result =>
        {
            foreach (FaultCase item in CaseList.All(result.GetValue(folder)))
                Console.WriteLine($"{item.Half}\t{item.Kind}\t{item.Name}\t{string.Join(' ', item.Accepted)}");
            foreach (HealthyCase item in HealthyCases.All(result.GetValue(folder)))
                Console.WriteLine($"{item.Half}\t{(item.IsOdd ? "odd" : "plain")}\t{item.Name}");
            return 0;
        });
        return command;
    }
}
