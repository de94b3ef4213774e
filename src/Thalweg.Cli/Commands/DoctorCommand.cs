using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Diagnosis;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg doctor</c>: why a training fails, and the proof of a fix.</summary>
internal static class DoctorCommand
{
    private const string Summary = """
        Says why a training fails or goes badly: causes with evidence, told apart by experiments, and exact changes of the recipe.

        TARGET is the folder of a run, a recipe, or a model. Run and recipe are trained again in memory, to the same bits, with
        instruments, and then with changes, within --budget; nothing is written unless --apply or --out asks for it. Of a model only what
        shows without the history of a run is said. Test data are not opened.
        """;

    private const string Everything = "all";

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Argument<string> target = new("TARGET") { Description = "Folder of a run, file of a recipe, or model" };
        Option<string?> data = OptionFactory.Text("--data", "PATH", "Where the data lie now [default: where run, recipe or model say]");
        Option<string?> language = OptionFactory.Choice("--lang", DoctorTexts.Languages, "Language of the texts [default: en]");
        Option<string?> prove = OptionFactory.OptionalText(
            "--prove", "CAUSE", "Try the fixes by training with them from the same seed: those of a cause, or of all [default: all]");
        Option<string?> apply = OptionFactory.Text("--apply", "FILE", "Write the recipe with the fix that helps; asks for --prove");
        Option<double?> budget = OptionFactory.Real(
            "--budget", "TIMES", ("a number of 0 or more", value => value >= 0),
            "Work, as a multiple of the run, beyond which no experiment begins, and no try of a proof [default: 6, and 3 of a proof]");
        Option<bool> quick = OptionFactory.Switch("--no-experiments", "Say what signs alone tell");
        Option<string?> format = OptionFactory.Choice(
            "--format", ["text", "json", "md", "html"], "What is printed; html is a page, which is written [default: text]");
        Option<string?> output = OptionFactory.Text(
            "--out", "FILE",
            $"The report to write, by its ending .html, .md or .json [default of html: {DoctorReport.FileName} in the folder of the run]");
        Option<bool> open = OptionFactory.Switch("--open", "Show the page in the browser");
        Command command = new("doctor", Summary) { target, data, language, prove, apply, budget, quick, format, output, open };
        command.SetAction(parsed =>
        {
            using Interrupt interrupt = new();
            string words = parsed.GetValue(language) ?? DoctorTexts.English;
            DoctorOutput form = DoctorOutput.Of(parsed.GetValue(format), parsed.GetValue(output), parsed.GetValue(open));
            DoctorOptions options = new() { Language = words, Experiments = !parsed.GetValue(quick), ForReport = form.IsReport };
            if (parsed.GetValue(budget) is { } times)
                options = options with { Budget = times };
            if (parsed.GetValue(prove) is { } named and not Everything)
                _ = Cause.Parse(named);
            if (parsed.GetValue(apply) is { } file)
                Proof.CheckFile(file);
            try
            {
                Examination examination = Doctor.ExaminePath(
                    parsed.GetRequiredValue(target), parsed.GetValue(data), options, interrupt.Token);
                bool proves = parsed.GetResult(prove) is not null || parsed.GetValue(apply) is not null;
                Finding? finding = parsed.GetValue(prove) is { } cause and not Everything ? examination.Find(cause) : null;
                Proof? proof = proves
                    ? Doctor.Prove(examination, finding, parsed.GetValue(budget) is null ? null : options, interrupt.Token)
                    : null;
                form.Write(new DoctorReport(examination) { Proof = proof, Language = words });
                if (parsed.GetValue(apply) is { } path)
                    proof!.Apply(path);
                return ExitCode.Success;
            }
            catch (OperationCanceledException)
            {
                return interrupt.ExitCode;
            }
        });
        return command;
    }
}
