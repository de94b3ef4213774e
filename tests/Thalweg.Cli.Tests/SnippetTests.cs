using System.Text.RegularExpressions;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Tests;

/// <summary>What the README and the pages in docs show runs as it is given.</summary>
public sealed partial class SnippetTests
{
    private const string Here = "dotnet run -c Release --project src/Thalweg.Cli -- ";

    public static TheoryData<string> Programs =>
        [.. Snippet.All.Where(snippet => snippet.Language == "csharp").Select(snippet => snippet.Location)];

    public static TheoryData<string> Documents =>
        [.. Snippet.All.Where(snippet => Commands(snippet).Any()).Select(snippet => snippet.Document).Distinct()];

    [Fact]
    public void Every_block_is_a_csharp_program_or_plain_text()
    {
        Snippet.All.Where(snippet => snippet.Language is not ("csharp" or "")).Select(snippet => snippet.Location).ShouldBeEmpty();
        Snippet.All.Where(snippet => snippet.Language == "" && snippet.Text.Contains("new()", StringComparison.Ordinal))
            .Select(snippet => snippet.Location).ShouldBeEmpty();
        Snippet.All.Count(snippet => snippet.Language == "csharp").ShouldBeGreaterThanOrEqualTo(13);
    }

    /// <summary>They are run from there.</summary>
    [Fact]
    public void What_the_Chinese_README_shows_stands_in_the_English_one()
    {
        Snippet[] chinese = [.. Snippet.Read("README.zh.md", File.ReadAllLines(Path.Combine(Snippet.Root(), "README.zh.md")))];
        Snippet[] english = [.. Snippet.All.Where(snippet => snippet.Document == "README.md")];
        chinese.SelectMany(Commands).Select(command => command.Replace(" --lang zh", "", StringComparison.Ordinal))
            .ShouldBeSubsetOf(english.SelectMany(Commands));
        chinese.Where(IsProgram).Select(snippet => snippet.Text).ShouldBeSubsetOf(english.Where(IsProgram).Select(snippet => snippet.Text));

        static bool IsProgram(Snippet snippet) => snippet.Language == "csharp";
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Programs_compile_and_run(string place)
    {
        using SnippetProgram program = new();
        program.Run(Snippet.All.Single(snippet => snippet.Location == place).Text).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_run_in_their_order(string file)
    {
        using Shell shell = new();
        WriteData(shell);
        foreach (string command in Snippet.All.Where(snippet => snippet.Document == file).SelectMany(Commands))
        {
            string[] words = [.. Word().Matches(command).Select(match => match.Value.Trim('"', '\''))];

            // Bare, it trains on all of the built-in images; all labs take minutes, and one stands for them; the playground is not in every build.
            string[] arguments = words switch
            {
                ["train"] => ["train", "--samples", "100"],
                ["lab", "all" or "report" or "play", ..] => ["lab", "run", "terminal-velocity", "--no-cache"],
                _ => words,
            };
            if (words is ["train", "--resume", "--out", string folder])
                Interrupt(shell, folder);
            Answer answer = shell.Run(arguments);
            answer.Code.ShouldBe(0, $"{file}: {command}: {answer.Error}{answer.Output}");
        }
    }

    /// <summary>Leaves a run behind that was stopped after three steps.</summary>
    private static void Interrupt(Shell shell, string folder)
    {
        Directory.Delete(shell.At(folder), recursive: true);
        using CancellationTokenSource cancellation = new();
        RunOptions options = new()
        {
            Folder = shell.At(folder),
            StepEnded = step =>
            {
                if (step.Step == 2)
                    cancellation.Cancel();
            },
        };
        Run.Start(new Recipe { Data = new DataRecipe { Source = shell.At("adult.data") } }, options, cancellation: cancellation.Token)
            .Reason.ShouldBe(EndReason.Cancelled);
    }

    /// <summary>The lines that call the command, without the comment behind them.</summary>
    private static IEnumerable<string> Commands(Snippet snippet) => snippet.Language != "" ? [] : snippet.Text.Split('\n')
        .Select(line => line.StartsWith(Here, StringComparison.Ordinal) ? $"thalweg {line[Here.Length..]}" : line)
        .Where(line => line.StartsWith("thalweg ", StringComparison.Ordinal))
        .Select(line => Comment().Replace(line["thalweg ".Length..], ""));

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex("\\s+#.*$")]
    private static partial Regex Comment();

    /// <summary>Small files under the names of those that the documents speak of.</summary>
    private static void WriteData(Shell shell)
    {
        File.WriteAllLines(shell.At("adult.data"), Enumerable.Range(0, 200).Select(row => Adult(row, ", <=50K", ", >50K")));
        File.WriteAllLines(shell.At("adult.test"), Enumerable.Range(200, 50).Select(row => Adult(row, ", <=50K.", ", >50K.")));
        File.WriteAllLines(shell.At("new.csv"), Enumerable.Range(250, 20).Select(row => Adult(row, "", "")));
        File.WriteAllLines(
            shell.At("titanic.csv"),
            Enumerable.Range(0, 200).Select(row => $"{row % 5 % 2},{(row % 5 % 2 == 0 ? "male" : "female")},{row % 70}")
                .Prepend("Survived,Sex,Age"));
        Directory.CreateDirectory(shell.At("fashion-mnist"));
        foreach ((string stem, int count) in new[] { ("train", 80), ("t10k", 20) })
        {
            (byte[] images, byte[] labels) = TestData.Halves(count);
            File.WriteAllBytes(shell.At($"fashion-mnist/{stem}-images-idx3-ubyte.gz"), TestData.Gzip(images));
            File.WriteAllBytes(shell.At($"fashion-mnist/{stem}-labels-idx1-ubyte.gz"), TestData.Gzip(labels));
        }
    }

    private static string Adult(int row, string less, string more)
    {
        int age = 17 + (row * 31 % 60), hours = 20 + (row * 7 % 41);
        string work = (row % 3) switch { 0 => "Private", 1 => "State-gov", _ => "?" };
        return $"{age}, {work}, {hours}{(age + hours > 85 ? more : less)}";
    }
}
