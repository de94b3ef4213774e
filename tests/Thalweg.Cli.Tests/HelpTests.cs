using System.Text.RegularExpressions;

namespace Thalweg.Cli.Tests;

/// <summary>Help as people read it, and the completion of shells.</summary>
public sealed partial class HelpTests
{
    private const int Columns = 100;

    public static TheoryData<string> Commands =>
    [
        "", "train", "lr-find", "eval", "predict", "audit", "doctor", "data", "data list", "data show", "data export", "compare", "tune", "tune show", "optimizers",
        "optimizers show", "initializers", "schedules", "minimizers", "regularizers", "activations", "losses", "normalizations",
        "completion", "version",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_a_terminal_and_names_each_option_once(string command)
    {
        using Shell shell = new();
        string[] lines = HelpOf(shell, command);
        lines.ShouldAllBe(line => line.Length <= Columns && line == line.TrimEnd());
        lines.ShouldContain("Usage:");
        string[] options = [.. lines.TakeWhile(line => line != "Examples:").Where(line => line.StartsWith("  --", StringComparison.Ordinal))
            .Select(line => OptionName().Match(line).Value)];
        options.ShouldBeUnique();
    }

    [Fact]
    public void Options_of_training_come_in_groups_the_most_used_first()
    {
        using Shell shell = new();
        string[] lines = HelpOf(shell, "train");
        string[] titles = [.. lines.SkipWhile(line => line != "Usage:").Where(line => line.EndsWith(':') && !line.StartsWith(' '))
            .Select(line => line.TrimEnd(':'))];
        titles.ShouldBe(["Usage", "Arguments", "Used most", "Data", "Division of the rows", "Network", "Start", "Optimization",
            "Regularization", "Run", "Safety", "Output", "Examples"]);
        lines.SkipWhile(line => line != "Used most:").TakeWhile(line => line.Length > 0)
            .Count(line => line.StartsWith("  --", StringComparison.Ordinal)).ShouldBe(10);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_are_command_lines_that_are_understood(string command)
    {
        using Shell shell = new();
        foreach (string line in HelpOf(shell, command).SkipWhile(line => line != "Examples:").Skip(1))
        {
            string call = line.Split('#')[0].Trim();
            // Training without a file takes its time, and pipes belong to a shell; other tests run those.
            if (!call.StartsWith("thalweg ", StringComparison.Ordinal) || call == "thalweg train" || call.Contains("--data moons")
                || call.Contains('>') || call.EndsWith("Invoke-Expression", StringComparison.Ordinal))
            {
                continue;
            }

            Answer answer = shell.Run([.. Word().Matches(call["thalweg ".Length..]).Select(word => word.Value.Trim('\''))]);
            if (answer.Code != 0)
                answer.Error.ShouldMatch("no such file|there is no|not found|nothing there|does not exist", call);
        }
    }

    [Theory]
    [InlineData("thalweg tr", "train")]
    [InlineData("thalweg train --optim", "--optimizer")]
    [InlineData("thalweg train --optimizer ada", "adamw")]
    [InlineData("thalweg train --activation ge", "gelu")]
    [InlineData("thalweg compare --norm", "--norms")]
    [InlineData("thalweg completion ", "zsh")]
    public void The_program_tells_shells_what_may_follow(string line, string expected)
    {
        using Shell shell = new();
        Answer answer = shell.Run($"[suggest:{line.Length}]", line).Succeeded();
        answer.Output.Split('\n').Select(choice => choice.Trim()).ShouldContain(expected);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _thalweg thalweg")]
    [InlineData("zsh", "compdef _thalweg thalweg")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName thalweg")]
    public void A_script_asks_the_program(string name, string registration)
    {
        using Shell shell = new();
        Answer answer = shell.Run("completion", name).Succeeded();
        answer.Output.ShouldContain("[suggest:");
        answer.Output.ShouldContain(registration);
    }

    [Theory]
    [InlineData("completion fish", "one of bash, zsh, pwsh", "fish")]
    [InlineData("completon bash", "unknown command", "completion")]
    [InlineData("activation", "unknown command", "activations")]
    [InlineData("train --optimiser adam", "unknown option", "--optimizer")]
    public void A_mistyped_word_names_the_nearest(string line, string expected, string nearest)
    {
        using Shell shell = new();
        shell.Refuses(line.Split(' '), expected, nearest);
    }

    [Theory]
    [InlineData("activations", "gelu", "Phi")]
    [InlineData("losses", "huber", "delta")]
    [InlineData("normalizations", "rms", "mean-square")]
    public void Lists_say_what_each_choice_computes(string command, string name, string meaning)
    {
        using Shell shell = new();
        shell.Run(command).Succeeded().Output.Split('\n')
            .ShouldContain(line => line.TrimStart().StartsWith($"{name} ", StringComparison.Ordinal) && line.Contains(meaning));
        shell.Run(command, "--json").Succeeded().Result.GetProperty(command).EnumerateArray()
            .ShouldAllBe(choice => choice.GetProperty("summary").GetString()!.Length > 0);
    }

    private static string[] HelpOf(Shell shell, string command) =>
        shell.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Succeeded().Output.TrimEnd().Split('\n');

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex OptionName();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();
}
