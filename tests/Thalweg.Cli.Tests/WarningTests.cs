using System.Text;

namespace Thalweg.Cli.Tests;

/// <summary>What a run warns of, and what comes of it under --strict.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("survived", true)]
    [InlineData("Target", true)]
    [InlineData("age", false)]
    public void Another_column_that_looks_like_the_target_is_named(string name, bool isNamed)
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60).Replace("color", name, StringComparison.Ordinal));
        string[] train = ["train", "--data", "data.csv", "--model", "mlp:4", "--epochs", "1", "--norm", "none"];
        string output = shell.Run(train).Succeeded().Output;
        output.Contains($"'{name}' looks like the target; if so, add --target {name}", StringComparison.Ordinal).ShouldBe(isNamed);
        shell.Run([.. train, "--target", "kind"]).Succeeded().Output.ShouldNotContain("looks like the target");
        if (isNamed)
            shell.Refuses([.. train, "--strict"], "--strict", $"--target {name}");
    }

    [Fact]
    public void Rows_that_are_left_out_in_numbers_are_told()
    {
        using Shell shell = new();
        StringBuilder text = new("x,y,home\n");
        for (int i = 0; i < 100; i++)
            text.Append(FormattableString.Invariant($"{Math.Sin(i):0.###},{Math.Cos(i):0.###},{(i % 2 == 0 ? i % 4 : "")}\n"));
        File.WriteAllText(shell.At("data.csv"), text.ToString());
        string output = shell.Run("train", "--data", "data.csv", "--model", "linear", "--epochs", "1").Succeeded().Output;
        output.ShouldContain("50 of 100 rows have no value of the target 'home'");
        output.ShouldContain("name the column to learn with --target");
    }

    [Fact]
    public void A_model_that_is_no_better_than_the_trivial_answer_says_so()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        string[] train = ["train", "--data", "data.csv", "--model", "linear", "--epochs", "1", "--optimizer", "sgd", "--lr", "1e-12"];
        string[] biased = [.. train, "--output-bias", "--init", "zeros"];
        string output = shell.Run([.. biased, "--out", "a"]).Succeeded().Output;
        output.ShouldContain("no better than always answering the most frequent class");
        Answer strict = shell.Run([.. biased, "--out", "b", "--strict"]);
        strict.Code.ShouldBe(2, strict.Error);
        File.Exists(shell.At("b/model.safetensors")).ShouldBeTrue("the run is done, and its model may be looked at");
        shell.Run("train", "--data", "data.csv", "--epochs", "20", "--strict", "--out", "good").Succeeded()
            .Output.ShouldNotContain("warning");
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    public void A_group_of_commands_alone_prints_its_help(string line)
    {
        using Shell shell = new();
        string output = shell.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Succeeded().Output;
        output.ShouldContain("Usage:");
        output.ShouldContain(line.Length == 0 ? "train" : "show");
    }
}
