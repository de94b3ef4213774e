using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg verify-resume</c>: proves on a run of the user's that a resumed run is the same run.</summary>
internal static class VerifyResumeCommand
{
    private const string TrialName = "--trial", KillName = "--kill-after", RecipeName = "--recipe";

    private const string Summary = """
        Trains a run once without a stop, and once in processes that kill themselves at random steps and are resumed; then compares
        weights, state, run.json and events.

        Takes the options of thalweg train. Exit code 0 where the two runs are equal, 1 where they differ.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions recipes = new(TrainOptions.Make());
        Option<int?> kills = OptionFactory.Whole("--kills", "N", 1, "Times that the run is killed [default: 3]");
        Option<string?> output = OptionFactory.Text("--out", "DIR", "Folder for the two runs, empty [default: a temporary one, deleted at the end]");
        Option<bool> json = OptionFactory.Switch("--json", "Print JSON");

        // How the command starts itself.
        Option<string?> trial = OptionFactory.Text(TrialName, "DIR", "Folder of one trial");
        Option<int?> kill = OptionFactory.Whole(KillName, "STEP", 1, "Step after which the trial kills itself");
        (trial.Hidden, kill.Hidden) = (true, true);
        Command command = new("verify-resume", Summary);
        recipes.AddTo(command);
        foreach (Option option in (Option[])[kills, output, json, trial, kill])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(trial) is { } folder)
            {
                ResumeVerification.RunTrial(new ResumeTrial(recipes.FileOf(parsed), folder, parsed.GetValue(kill)));
                return ExitCode.Success;
            }

            return Verify(recipes.Read(parsed), parsed.GetValue(kills), parsed.GetValue(output), parsed.GetValue(json));
        });
        return command;
    }

    private static int Verify(Recipe recipe, int? kills, string? output, bool isJson)
    {
        string folder = output ?? Directory.CreateTempSubdirectory("thalweg-verify-").FullName;
        try
        {
            ResumeVerificationOptions options = new() { Recipe = recipe, Folder = folder, Start = Start };
            ResumeVerificationResult result = ResumeVerification.Verify(
                kills is { } count ? options with { Kills = count } : options, isJson ? null : new LineProgress());
            Print(result, isJson);
            return result.Differences.Count == 0 ? ExitCode.Success : ExitCode.Different;
        }
        finally
        {
            if (output is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static ProcessStartInfo Start(ResumeTrial trial)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!);

        // Under `dotnet exec` the process is dotnet, and the program its argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Thalweg.Cli.dll"));
        }

        string[] arguments =
        [
            "verify-resume", TrialName, trial.Folder,
            .. trial.Recipe is { } recipe ? [RecipeName, recipe] : (string[])[],
            .. trial.KillAfterStep is { } step ? [KillName, step.ToString(CultureInfo.InvariantCulture)] : (string[])[],
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static void Print(ResumeVerificationResult result, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteNumber("steps", result.Steps);
                WriteNumbers(writer, "kills", result.Kills);
                WriteNumbers(writer, "resumedAt", result.ResumedAt);
                writer.WriteBoolean("equal", result.Differences.Count == 0);
                writer.WriteTexts("differences", result.Differences);
            });
            return;
        }

        PlainTable.Write(
        [
            ("steps", Figures.Count(result.Steps)),
            ("killed after", string.Join(", ", result.Kills.Select(step => $"step {Figures.Count(step)}"))),
            ("resumed from", string.Join(", ", result.ResumedAt.Select(step => $"step {Figures.Count(step)}"))),
            .. result.Differences.Select(difference => ("difference", difference)),
            ("result", result.Differences.Count == 0
                ? "equal: weights, state, run.json and events are those of the run that was never stopped"
                : "different: please report this, with the recipe"),
        ]);
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    /// <summary>Prints each sentence at once.</summary>
    private sealed class LineProgress : IProgress<string>
    {
        public void Report(string value) => Console.Out.WriteLine(value);
    }
}
