using System.CommandLine;
using Thalweg.Tuning.Bench;

RootCommand root = new("Compares samplers on problems that another program can be given as well; see bench/peers/optuna_study.py.");
Command[] commands =
[
    ServeCommand.Create(), RunCommand.Create(), RankCommand.Create(), TabulateCommand.Create(), PruneCommand.Create(), TimeCommand.Create(),
];
foreach (Command command in commands)
    root.Subcommands.Add(command);
return root.Parse(args).Invoke();
