using System.Diagnostics;
using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>The command that tunes: killed, resumed, extended, read, refused.</summary>
public sealed class TuneTests
{
    private static readonly string[] s_tune =
    [
        "tune", "--data", "moons", "--samples", "200", "--epochs", "3", "--model", "mlp:8", "--batch", "16",
        "--search", "training.optimizer.learning_rate=log(1e-3, 0.3)", "--search", "network.activation=choice(relu, tanh)",
        "--sampler", "random", "--order", "lag(3)", "--trials", "5", "--finalists", "2", "--finalist-runs", "2",
    ];

    [Fact]
    public void A_study_that_was_killed_continues_to_the_same_trials_and_is_read_in_each_form()
    {
        using Shell shell = new();
        using (Process process = shell.Start([.. s_tune, "--out", "cut", "--workers", "2", "--json"]))
        {
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"event\":\"search\",\"trial\":1,", StringComparison.Ordinal))
            {
            }

            process.Kill();
            process.WaitForExit();
        }

        shell.Refuses(["tune", "--resume", "--out", "cut", "--trials", "9"], "--trials", "--extend");
        shell.Refuses(["tune", "--resume", "--out", "cut", "--epochs", "9"], "--epochs", "keeps its recipe");
        shell.Refuses(["tune", "--extend", "--out", "cut", "--set", "seed=9"], "--set", "keeps its recipe");
        Answer resumed = shell.Run("tune", "--resume", "--out", "cut", "--open-test", "--json").Succeeded();
        JsonElement result = resumed.Result;
        result.GetProperty("isFinished").GetBoolean().ShouldBeTrue();
        result.GetProperty("finalists").GetArrayLength().ShouldBe(2);
        result.GetProperty("test").GetProperty("samples").GetInt32().ShouldBe(20);
        shell.Run([.. s_tune, "--out", "whole"]).Succeeded();
        string Table(string folder) => string.Join('\n', shell.Run("tune", "export", folder, "--trials").Succeeded().Output.Split('\n')
            .Select(line => string.Join(',', line.Split(',').Where((_, i) => i != 4))));
        Table("cut").ShouldBe(Table("whole"));
        Table("cut").ShouldStartWith("trial,status,metric,epochs,failure,training.optimizer.learning_rate,network.activation\n0,completed,");

        // The same command again joins the study that is there; nothing is left to do.
        shell.Run([.. s_tune, "--out", "whole"]).Succeeded().Output.ShouldContain("winner");
        string winner = result.GetProperty("winner").GetInt32().ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
        File.Exists(shell.At($"cut/winner-{winner}/model.safetensors")).ShouldBeTrue();
        File.ReadAllText(shell.At("cut/study.html")).ShouldContain("<title>Study on moons</title>");
        shell.Run("tune", "list", ".").Succeeded().Output.ShouldContain("whole");
        shell.Run("tune", "show", "whole").Succeeded().Output.ShouldContain("training.optimizer.learning_rate=");
        shell.Run("tune", "best", "whole").Succeeded().Output.ShouldContain("optimism");
        File.WriteAllText(shell.At("winner.yaml"), shell.Run("tune", "export", "whole").Succeeded().Output);
        shell.Run("train", "winner.yaml", "--out", "trained", "--epochs", "1").Succeeded();

        shell.Refuses([.. s_tune, "--out", "whole", "--seed", "9"], "seed: 1 -> 9");
        shell.Refuses([.. s_tune.Select(word => word == "5" ? "7" : word), "--out", "whole"], "trials: 5 -> 7", "--extend");
        shell.Run("tune", "--extend", "--out", "whole", "--trials", "6", "--json").Succeeded().Result.GetProperty("isFinished").GetBoolean().ShouldBeTrue();
        Table("whole").Split('\n').Take(6).ShouldBe(Table("cut").Split('\n').Take(6));
    }

    [Theory]
    [InlineData("--search", "training.optimizer.learning_rat=log(1e-5, 1)", "learning_rate")]
    [InlineData("--search", "training.optimizer.learning_rate=log(0, 1)", "above 0")]
    [InlineData("--search", "training.optimizer.learning_rate=log(1, 0.1)", "at most high")]
    [InlineData("--search", "network.activation=choice()", "at least one value")]
    [InlineData("--search", "network.activation=choice(relu, rlu)", "relu")]
    [InlineData("--search", "network.dropout=uniform(0, 1)", "network.dropout")]
    [InlineData("--search", "training.optimizer.learning_rate=lg(1e-5, 1)", "log")]
    [InlineData("--search", "network.layers[7].units=int(1, 4)", "list")]
    [InlineData("--sampler", "tep", "tpe")]
    [InlineData("--pruner", "mdian", "median")]
    [InlineData("--goal", "acuracy", "accuracy")]
    [InlineData("--order", "soon(3)", "lag(8)")]
    [InlineData("--start-from", "nowhere", "nowhere")]
    [InlineData("--trials", "0", "--trials")]
    [InlineData("--time-budget", "5 parsecs", "10min")]
    [InlineData("--storage", "Host=h;Password=topsecret", "THALWEG_STUDIES")]
    [InlineData("--storage", "postgres", "THALWEG_STUDIES")]
    public void What_cannot_be_is_refused_in_one_line_and_nothing_is_written(string option, string value, string expected)
    {
        using Shell shell = new();
        string[] words = ["tune", "--data", "moons", "--samples", "200", "--epochs", "1", "--trials", "1", "--out", "study", option, value];
        Answer answer = shell.Run(option == "--trials" ? [.. words.Take(7), "--out", "study", option, value] : words);
        answer.Code.ShouldBe(2, answer.Output);
        answer.Error.Trim().Split('\n').Length.ShouldBe(1);
        answer.Error.ShouldContain(expected);
        answer.Error.ShouldNotContain("topsecret");
        File.Exists(shell.At("study/study.jsonl")).ShouldBeFalse();
    }

    [Fact]
    public void Studies_that_are_not_there_or_hold_no_success_are_told()
    {
        using Shell shell = new();
        shell.Refuses(["tune", "--resume"], "found no study");
        shell.Refuses(["tune", "best", "nowhere"], "expected the folder of a study");
        Answer failed = shell.Run("tune", "--data", "moons", "--samples", "200", "--epochs", "1", "--trials", "2", "--out", "study", "--sampler", "random",
            "--search", "network.normalization=choice(batch)", "--search", "training.batch_size=choice(1)");
        failed.Code.ShouldBe(2);
        failed.Error.ShouldContain("found none among 2");
        shell.Refuses(["tune", "export", "study"], "found none among 2");
        shell.Run("tune", "export", "study", "--trials").Succeeded().Output.ShouldContain("0,failed,");
    }

    [Fact]
    public void The_search_of_a_recipe_file_is_used_and_data_that_changed_are_told()
    {
        using Shell shell = new();
        string rows = string.Concat(Enumerable.Range(0, 90).Select(i => FormattableString.Invariant($"{i % 10},{i % 7},{(i % 10 > 4 ? "yes" : "no")}\n")));
        File.WriteAllText(shell.At("data.csv"), $"a,b,label\n{rows}");
        File.WriteAllText(shell.At("recipe.yaml"), """
            data: data.csv
            network: mlp:8
            training: { epochs: 2 }
            search:
              training.optimizer.learning_rate: log(1e-3, 0.1)
              network.depth: int(1, 2)
            """);
        Answer answer = shell.Run("tune", "recipe.yaml", "--trials", "3", "--sampler", "random", "--finalists", "0", "--out", "study", "--storage", "studies.db").Succeeded();
        answer.Output.ShouldContain("network.depth=int(1, 2)");
        shell.Run("tune", "best", "study").Succeeded().Output.ShouldContain("winner");
        File.AppendAllText(shell.At("data.csv"), "3,3,yes\n");
        shell.Refuses(["tune", "--resume", "--out", "study"], "not what it was");
        shell.Refuses(["tune", "--extend", "--trials", "9", "--out", "study"], "contents");
    }
}
