using System.Text.Json;
using Thalweg.Models;

namespace Thalweg.Cli.Tests;

/// <summary>Training through the command.</summary>
public sealed class TrainTests
{
    [Fact]
    public void Plain_output_tells_the_run_line_by_line()
    {
        using Shell shell = new();
        string text = TestData.Classes(120).Replace("x,y,color,kind\n", "x,y,color,kind\n,0.5,red,yes\n", StringComparison.Ordinal);
        File.WriteAllText(shell.At("data.csv"), text);
        string output = shell.Run("train", "--data", "data.csv", "--epochs", "2").Succeeded().Output;
        output.ShouldNotContain('\e');
        output.ShouldContain("\nmissing    x 1 (");
        output.ShouldContain("xavier_uniform (--init changes that)");
        output.ShouldContain("\nepoch 1/2  loss ");
        output.ShouldContain("\nepoch 2/2  loss ");
        output.ShouldContain("validation accuracy");
        output.ShouldContain("mini-batch descent");
        output.ShouldContain("optimizer  adamw(cosine(0.001, ");
        output.ShouldContain("trivial answer");
        output.ShouldContain("linear model");
        output.ShouldNotContain("test data read");
        output.ShouldContain("thalweg eval --model runs/data-1 --part test");
        output.ShouldContain("thalweg predict --model runs/data-1 --data NEW.csv --out predictions.csv");
        Directory.GetFiles(shell.At("runs/data-1")).Select(Path.GetFileName).Order()
            .ShouldBe(["events.jsonl", "model.safetensors", "recipe.yaml", "run.json"]);

        // The same again goes beside it, not over it.
        shell.Run("train", "--data", "data.csv", "--epochs", "1").Succeeded().Output.ShouldContain(Path.Combine("runs", "data-1-2"));
    }

    [Fact]
    public void Json_output_is_one_object_per_line_and_nothing_else()
    {
        using Shell shell = new();
        JsonElement[] lines = shell.Run(
            "train", "--data", "glyphs", "--samples", "300", "--epochs", "2", "--open-test", "--json").Succeeded().Lines;
        lines.Select(line => line.GetProperty("event").GetString()).ShouldBe(["start", "epoch", "epoch", "result"]);
        lines[0].GetProperty("trainingSamples").GetInt32().ShouldBe(240);
        lines[1].GetProperty("validation").GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
        lines[3].GetProperty("reason").GetString().ShouldBe("completed");
        lines[3].GetProperty("testReads").GetInt32().ShouldBe(1);
        lines[3].GetProperty("test").GetProperty("samples").GetInt32().ShouldBe(30);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using Shell shell = new();
        string[] train = ["train", "--data", "glyphs", "--samples", "2000", "--epochs", "2", "--dropout", "0.1", "--norm", "batch"];
        shell.Run([.. train, "--threads", "1", "--out", "one"]).Succeeded();
        shell.Run([.. train, "--threads", "2", "--out", "two"]).Succeeded();
        shell.Run([.. train, "--threads", "2", "--seed", "2", "--out", "other"]).Succeeded();
        byte[] one = File.ReadAllBytes(shell.At("one/model.safetensors"));
        File.ReadAllBytes(shell.At("two/model.safetensors")).ShouldBe(one);
        File.ReadAllBytes(shell.At("other/model.safetensors")).ShouldNotBe(one);
    }

    [Fact]
    public void The_model_tells_how_to_train_it_again()
    {
        using Shell shell = new();
        string[] options =
            ["--data", "moons", "--epochs", "3", "--lr", "0.01", "--optimizer", "momentum(mu=0.8)", "--model", "mlp:8,8", "--activation",
                "tanh"];
        shell.Run(["train", .. options, "--out", "run", "--threads", "2"]).Succeeded();
        TrainedModel model = TrainedModel.Load(shell.At("run/model.safetensors"));
        model.Provenance.CommandLine.ShouldContain("--optimizer 'momentum(mu=0.8)' --lr 0.01");
        model.Provenance.CommandLine.ShouldNotContain("--threads");
        model.Provenance.Metrics.Keys.ShouldBe(["validation accuracy"]);
        string again = model.Provenance.CommandLine["thalweg ".Length..].Replace("'", "", StringComparison.Ordinal);
        shell.Run([.. again.Split(' '), "--out", "again"]).Succeeded();
        File.ReadAllBytes(shell.At("again/model.safetensors")).ShouldBe(File.ReadAllBytes(shell.At("run/model.safetensors")));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_and_keeps_good_weights()
    {
        using Shell shell = new();
        Answer answer = shell.Run(
            "train", "--data", "blobs", "--lr", "1e30", "--schedule", "constant", "--norm", "none", "--out", "run", "--json");
        answer.Code.ShouldBe(3);
        answer.Error.ShouldStartWith("thalweg: [train] the loss became NaN or infinite at step ");
        answer.Error.TrimEnd('\n').ShouldNotContain('\n');
        answer.Error.ShouldContain("layer");
        answer.Error.ShouldContain("run/model.safetensors");
        answer.Result.GetProperty("reason").GetString().ShouldBe("nonFinite");
        answer.Result.GetProperty("testReads").GetInt32().ShouldBe(0);
        answer.Result.TryGetProperty("predict", out _).ShouldBeFalse();
        answer.Result.TryGetProperty("openTest", out _).ShouldBeFalse();
        Layers.Module network = TrainedModel.Load(shell.At("run/model.safetensors")).Module;
        network.NamedParameters().ShouldAllBe(p => AllFinite(p.Parameter.Value.AsSpan<float>().ToArray()));
    }

    private static bool AllFinite(float[] values) => values.All(float.IsFinite);
}
