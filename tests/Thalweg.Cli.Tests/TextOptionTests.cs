using System.Diagnostics;
using System.Text;

namespace Thalweg.Cli.Tests;

/// <summary>Options that say how a text is laid out, and data from the standard input.</summary>
public sealed class TextOptionTests
{
    [Fact]
    public void Separator_encoding_and_comments_may_be_told_and_are_kept_with_the_run()
    {
        using Shell shell = new();
        string text = TestData.Classes(60).Replace(',', '^').Replace("red", "rosé", StringComparison.Ordinal) + "! the end\n";
        File.WriteAllBytes(shell.At("data.txt"), Encoding.GetEncoding("iso-8859-1").GetBytes(text));
        string[] layout = ["--separator", "^", "--encoding", "latin1", "--comment", "!"];
        shell.Run(["data", "show", "data.txt", .. layout]).Succeeded().Output.ShouldContain("rosé");
        shell.Run(["train", "--data", "data.txt", "--epochs", "1", "--out", "run", .. layout]).Succeeded();
        shell.Run(["predict", "--model", "run", "--data", "data.txt", .. layout]).Succeeded();
        shell.Run(["eval", "--model", "run", "--data", "data.txt", .. layout]).Succeeded();
        shell.Run(["data", "export", "--data", "data.txt", "--out", "out.csv", .. layout]).Succeeded();
        File.ReadAllText(shell.At("out.csv")).ShouldContain("rosé");
        shell.Refuses(["data", "show", "data.txt", "--separator", "ab"], "--separator", "'ab'");
        shell.Refuses(["data", "show", "data.txt", "--encoding", "klingon"], "klingon", "windows-1252");
    }

    [Fact]
    public void Data_come_from_the_standard_input()
    {
        using Shell shell = new();
        string text = TestData.Classes(60);
        Pipe(shell, text, "data", "show", "-").Output.ShouldContain("color");
        Pipe(shell, text, "train", "--data", "-", "--epochs", "1", "--out", "run").Code.ShouldBe(0);
        File.WriteAllText(shell.At("data.csv"), text);
        string expected = shell.Run("predict", "--model", "run", "--data", "data.csv").Succeeded().Output;
        Pipe(shell, text, "predict", "--model", "run", "--data", "-").Output.ShouldBe(expected);
        Answer empty = Pipe(shell, "", "data", "show", "-");
        empty.Code.ShouldBe(2);
        empty.Error.ShouldContain("empty");
    }

    private static Answer Pipe(Shell shell, string input, params string[] arguments)
    {
        using Process process = shell.StartWithInput(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }
}
