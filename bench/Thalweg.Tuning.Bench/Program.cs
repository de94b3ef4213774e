using System.CommandLine;
using Thalweg.Tuning.Bench;

RootCommand root = new("Compares samplers on problems that another program can be given as well; see bench/peers/optuna_study.py.");
foreach (Command command in (Command[])[ServeCommand.Create(), RunCommand.Create()])
    root.Subcommands.Add(command);
return root.Parse(args).Invoke();
