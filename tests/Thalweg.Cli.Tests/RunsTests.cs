using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary><c>thalweg runs</c>, and what train and eval enter there.</summary>
public sealed class RunsTests
{
    private static readonly string[] s_train =
        ["train", "--data", "moons", "--samples", "60", "--model", "mlp:4", "--epochs", "1", "--test", "0.2"];

    [Fact]
    public void Runs_are_listed_shown_compared_exported_and_deleted()
    {
        using Shell shell = new();
        string[] index = ["--index", "index/runs.db"];
        shell.Run([.. s_train, "--name", "first", "--tag", "x", "--tag", "y", "--note", "a remark", "--open-test", .. index]).Succeeded();
        shell.Run([.. s_train, "--name", "second", "--lr", "0.5", "--json", .. index]).Succeeded();
        JsonElement list = shell.Run(["runs", "list", "--where", "lr=0.5 and accuracy>=0", "--json", .. index]).Succeeded().Result;
        list.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("second");
        shell.Run(["runs", "list", "--sort", "lr", "--columns", "name,tag", "--csv", .. index]).Succeeded().Output
            .ShouldBe("name,tag\nsecond,\nfirst,\"x,y\"\n");
        shell.Run(["runs", "show", "first", .. index]).Succeeded().Output.ShouldContain("a remark");
        shell.Run(["runs", "diff", "first", "second", .. index]).Succeeded().Output.ShouldContain("training.optimizer.learning_rate");
        shell.Run(["runs", "export", .. index]).Succeeded().Output.Split('\n').Length.ShouldBe(4);
        shell.Refuses(["runs", "list", "--where", "acuracy>1", .. index], "column 1", "did you mean accuracy?");
        shell.Refuses(["runs", "list", "--index", "Host=x;Password=topsecret"], "THALWEG_INDEX");
        shell.Refuses(["runs", "delete", "index", "--yes", .. index], "run.json");
        shell.Refuses(["runs", "prune", .. index], "--where", "--keep");

        // A second model on the rows of one that is deleted.
        shell.Run(["runs", "delete", "first", "--yes", .. index]).Succeeded();
        Directory.Exists(shell.At("runs/moons-1")).ShouldBeFalse();
        JsonElement judged = shell.Run(["eval", "--model", "runs/moons-1-2", "--part", "test", "--json", .. index]).Succeeded().Result;
        judged.GetProperty("modelsJudged").GetInt32().ShouldBe(2);
        judged.GetProperty("warning").GetString()!.ShouldContain("2 different models");
        File.Delete(shell.At("index/runs.db"));
        shell.Run(["runs", "reindex", .. index]).Succeeded().Output.ShouldContain("1 run in");
        shell.Run(["eval", "--model", "runs/moons-1-2", "--part", "test", "--json", .. index]).Succeeded().Result
            .GetProperty("modelsJudged").GetInt32().ShouldBe(2);
        shell.Run(["runs", "prune", "--keep", "0", "--yes", .. index]).Succeeded();
        shell.Run(["runs", "list", .. index]).Succeeded().Output.ShouldBeEmpty();
    }

    [Fact]
    public void An_index_that_cannot_be_used_is_a_note_and_the_model_is_saved()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("file"), "");
        Answer answer = shell.Run([.. s_train, "--index", "file/runs.db", "--json"]).Succeeded();
        answer.Result.GetProperty("indexNote").GetString()!.ShouldContain("file/runs.db");
        File.Exists(shell.At("runs/moons-1/model.safetensors")).ShouldBeTrue();
        shell.Refuses(["runs", "list", "--index", "file/runs.db"], "cannot use it as an index");
    }
}
