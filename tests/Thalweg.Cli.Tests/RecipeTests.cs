namespace Thalweg.Cli.Tests;

/// <summary>Recipes on the command line.</summary>
public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_that_was_printed_gives_the_same_run()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(120));
        string[] options = ["--data", "data.csv", "--model", "mlp:6", "--epochs", "2", "--optimizer", "momentum(mu=0.8)", "--ignore", "y"];
        string recipe = shell.Run(["train", .. options, "--print-recipe"]).Succeeded().Output;
        recipe.ShouldContain("name: momentum(mu=0.8)");
        recipe.ShouldContain("  # a table of 96 training samples\n  batch_size: ");
        recipe.ShouldStartWith("# 96 samples for training, 12 for validation, 12 for test");
        Directory.GetFileSystemEntries(shell.Folder).Length.ShouldBe(1);
        File.WriteAllText(shell.At("recipe.yaml"), recipe);

        shell.Run(["train", .. options, "--out", "a"]).Succeeded();
        shell.Run("train", "--recipe", "recipe.yaml", "--out", "b").Succeeded();
        File.ReadAllText(shell.At("b/recipe.yaml")).ShouldBe(File.ReadAllText(shell.At("a/recipe.yaml")));
        string[] lines = [.. recipe.Split('\n').Where(line => !line.TrimStart().StartsWith('#'))];
        string.Join('\n', lines).ShouldBe(File.ReadAllText(shell.At("a/recipe.yaml")));
        string[] answers = [.. new[] { "a", "b" }.Select(folder => shell.Run("predict", "--model", folder, "--data", "data.csv").Output)];
        answers[0].ShouldBe(answers[1]);
    }

    [Fact]
    public void Options_change_fields_of_a_recipe()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(120));
        File.WriteAllText(shell.At("r.yaml"), "data: data.csv\nnetwork: mlp:4\ntraining:\n  epochs: 1\n");
        Answer answer = shell.Run("train", "--recipe", "r.yaml", "--epochs", "2", "--json", "--out", "run").Succeeded();
        answer.Lines[0].GetProperty("settings").GetProperty("model").GetString().ShouldBe("mlp:4");
        answer.Lines[0].GetProperty("settings").GetProperty("epochs").GetInt32().ShouldBe(2);
        foreach (string command in (string[])["lr-find", "audit"])
            shell.Run(command, "--recipe", "r.yaml", "--json").Succeeded();
        shell.Run("data", "export", "--recipe", "r.yaml", "--part", "test", "--out", "test.csv").Succeeded();
        shell.Refuses(["train", "--resume", "--recipe", "r.yaml", "--out", "run"], "folder of the run");
    }

    [Fact]
    public void A_bad_recipe_names_line_and_field()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("r.yaml"), "training:\n  optimizer:\n    learning_rate: -1\n");
        shell.Refuses(["train", "--recipe", "r.yaml"], "r.yaml, line 3, column 20: training.optimizer.learning_rate: ", "above 0");
        shell.Refuses(["train", "--recipe", "none.yaml"], "none.yaml", "no such file");
    }

    [Fact]
    public void Init_writes_a_recipe_that_trains_and_says_what_else_can_be_set()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(120));
        shell.Run("init", "--data", "data.csv", "--model", "mlp:4").Succeeded().Output.ShouldContain("run.yaml");
        string recipe = File.ReadAllText(shell.At("run.yaml"));
        recipe.ShouldStartWith("# thalweg train run.yaml\n# 96 samples for training");
        recipe.ShouldContain("  # batch_schedule: ");
        recipe.ShouldContain("# start:\n");
        recipe.Split('\n').Max(line => line.Length).ShouldBeLessThanOrEqualTo(140);
        shell.Refuses(["init", "--data", "data.csv"], "run.yaml", "expected a new file");
        shell.Run("init", "--data", "data.csv", "--model", "mlp:5", "--force").Succeeded();
        Answer answer = shell.Run(
            "train", "run.yaml", "--set", "training.epochs=1", "--set", "network.layers=mlp:3", "--json", "--out", "run").Succeeded();
        answer.Lines[0].GetProperty("settings").GetProperty("model").GetString().ShouldBe("mlp:3");
        answer.Lines[0].GetProperty("settings").GetProperty("epochs").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("training.epochs", "PATH=VALUE")]
    [InlineData("training.epoch=3", "training.epochs")]
    [InlineData("training.epochs=many", "a whole number")]
    public void Set_refuses_what_no_field_reads(string text, string expected)
    {
        using Shell shell = new();
        shell.Refuses(["train", "--data", "moons", "--set", text], expected);
    }
}
