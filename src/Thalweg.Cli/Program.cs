return Thalweg.Cli.Entry.Run(args);
