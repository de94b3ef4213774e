using System.CommandLine;
using Thalweg.Faults;

RootCommand root = new("The planted-fault suite: networks that train in a second, each with one thing wrong, and what a doctor says of them.");
Command[] commands =
[
    ListCommand.Create(), CheckCommand.Create(), HealthyCommand.Create(), ScoreCommand.Create(), CalibrateCommand.Create(),
    ProveCommand.Create(), MutantsCommand.Create(),
];
foreach (Command command in commands)
    root.Subcommands.Add(command);
return root.Parse(args).Invoke();
