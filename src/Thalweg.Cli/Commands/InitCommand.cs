using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg init</c>: a commented recipe for some data.</summary>
internal static class InitCommand
{
    private const string DefaultFile = "run.yaml";

    private const string Summary = """
        Writes a recipe for the data: all that a run would take, with the reason of each default and what else can be set.

        Nothing is trained. Edit the file, then run it with thalweg train run.yaml.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions recipes = new(TrainOptions.Make());
        Option<string?> output = OptionFactory.Text("--out", "FILE", $"File to write [default: {DefaultFile}]");
        Option<bool> force = OptionFactory.Switch("--force", "Replace the file where there is one");
        Command command = new("init", Summary);
        recipes.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(force);
        command.SetAction(parsed =>
        {
            string file = parsed.GetValue(output) ?? DefaultFile;
            Recipe recipe = recipes.Read(parsed);
            Data.DataSplit split = recipe.OpenData().Split;
            recipe.Resolve(split.Training).Save(file, parsed.GetValue(force), split, $"thalweg train {file}");
            Console.Out.WriteLine($"wrote {file}; run it with: thalweg train {file}");
            return ExitCode.Success;
        });
        return command;
    }
}
