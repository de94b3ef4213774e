using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Test data: what they are, when they are read, and that every reading is counted.</summary>
public sealed class TestPartTests
{
    private static readonly string[] s_train = ["train", "--data", "data.csv", "--model", "mlp:4", "--epochs", "1", "--json"];

    [Fact]
    public void Test_data_stay_closed_until_they_are_opened_and_are_those_that_training_did_not_see()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        JsonElement closed = shell.Run([.. s_train, "--out", "closed"]).Succeeded().Result;
        closed.TryGetProperty("test", out _).ShouldBeFalse();
        closed.GetProperty("testReads").GetInt32().ShouldBe(0);
        closed.GetProperty("openTest").GetString().ShouldBe("thalweg eval --model closed --part test");

        JsonElement opened = shell.Run([.. s_train, "--out", "opened", "--open-test"]).Succeeded().Result;
        opened.GetProperty("testReads").GetInt32().ShouldBe(1);
        opened.TryGetProperty("openTest", out _).ShouldBeFalse();

        JsonElement later = shell.Run("eval", "--model", "closed", "--part", "test", "--json").Succeeded().Result;
        later.GetProperty("testReads").GetInt32().ShouldBe(1);
        later.GetProperty("trivial").GetDouble().ShouldBe(opened.GetProperty("trivialOnTest").GetDouble());
        foreach (string figure in (string[])["samples", "loss", "accuracy"])
            later.GetProperty(figure).ToString().ShouldBe(opened.GetProperty("test").GetProperty(figure).ToString());
        shell.Run("eval", "--model", "opened/model.safetensors", "--part", "test").Succeeded().Output.ShouldContain("read 2 times");

        JsonElement validation = shell.Run("eval", "--model", "closed", "--part", "validation", "--json").Succeeded().Result;
        validation.GetProperty("loss").ToString()
            .ShouldBe(closed.GetProperty("best").GetProperty("validation").GetProperty("loss").ToString());
        validation.TryGetProperty("testReads", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60, "--test", "0.3")]
    [InlineData(50, "--test", "held.csv")]
    [InlineData(0, "--test", "none")]
    public void The_test_data_are_a_file_a_share_or_none(int rows, params string[] options)
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        File.WriteAllText(shell.At("held.csv"), TestData.Classes(50));
        Answer answer = shell.Run([.. s_train, .. options, "--out", "run"]).Succeeded();
        answer.Lines[0].GetProperty("testSamples").GetInt32().ShouldBe(rows);
        answer.Result.TryGetProperty("openTest", out _).ShouldBe(rows > 0);
        if (rows > 0)
        {
            shell.Run("eval", "--model", "run", "--part", "test", "--json").Succeeded()
                .Result.GetProperty("samples").GetInt32().ShouldBe(rows);
        }
        else
        {
            shell.Refuses(["eval", "--model", "run", "--part", "test"], "without test data");
            shell.Refuses([.. s_train, .. options, "--open-test", "--out", "other"], "--open-test", "no test data");
        }
    }

    [Fact]
    public void A_share_takes_the_place_of_the_test_files_of_a_folder()
    {
        using Shell shell = new();
        Directory.CreateDirectory(shell.At("images"));
        foreach ((string part, int count) in ((string, int)[])[("train", 200), ("t10k", 60)])
        {
            (byte[] images, byte[] labels) = TestData.Halves(count);
            File.WriteAllBytes(shell.At($"images/{part}-images-idx3-ubyte"), images);
            File.WriteAllBytes(shell.At($"images/{part}-labels-idx1-ubyte"), labels);
        }

        foreach ((string test, int rows) in ((string, int)[])[("", 60), ("0.2", 40), ("none", 0)])
        {
            string[] options = test.Length == 0 ? [] : ["--test", test];
            shell.Run(["train", "--data", "images", "--model", "linear", "--epochs", "1", "--json", .. options]).Succeeded()
                .Lines[0].GetProperty("testSamples").GetInt32().ShouldBe(rows);
        }
    }

    [Fact]
    public void The_test_part_of_other_data_is_not_that_of_the_model()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        shell.Run([.. s_train, "--out", "run"]).Succeeded();
        File.Move(shell.At("data.csv"), shell.At("moved.csv"));
        shell.Refuses(["eval", "--model", "run", "--part", "test"], "data.csv");
        shell.Run("eval", "--model", "run", "--part", "test", "--data", "moved.csv").Succeeded();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(201));
        shell.Refuses(["eval", "--model", "run", "--part", "test"], "data.csv", "training, validation and test rows");
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200).Replace(".5", ".4", StringComparison.Ordinal));
        shell.Refuses(["eval", "--model", "run", "--part", "test"], "data.csv", "other values in the training rows");
    }

    [Theory]
    [InlineData("eval --model run", "--data", "--part test")]
    [InlineData("train --data blobs --test 0.7", "0.5", "./0.7")]
    [InlineData("train --data blobs --test 0", "--test", "none")]
    [InlineData("compare --data moons --test none --open-test", "--open-test", "--test")]
    [InlineData("data export --data moons --test none --part test --out x.csv", "--part test", "none")]
    public void Words_about_test_data_that_make_no_sense_are_refused(string line, string expected, string remedy)
    {
        using Shell shell = new();
        shell.Refuses(line.Split(' '), expected, remedy);
    }

    [Fact]
    public void A_comparison_reads_its_test_data_when_asked_and_counts_it()
    {
        using Shell shell = new();
        string[] compare =
        [
            "compare", "--data", "moons", "--samples", "200", "--optimizers", "sgd", "--rates", "1", "--rate-range", "0.1,1", "--seeds",
                "1",
            "--epochs", "1", "--model", "mlp:4", "--test", "0.2", "--out", "c", "--json",
        ];
        JsonElement closed = shell.Run(compare).Succeeded().Result;
        closed.TryGetProperty("test", out _).ShouldBeFalse();
        closed.GetProperty("openTest").GetString().ShouldBe("thalweg compare --resume --out c --open-test");
        JsonElement opened = shell.Run("compare", "--resume", "--out", "c", "--open-test", "--json").Succeeded().Result;
        opened.GetProperty("test").GetProperty("samples").GetInt32().ShouldBe(40);
        JsonElement again = shell.Run("eval", "--model", "c", "--part", "test", "--json").Succeeded().Result;
        again.GetProperty("testReads").GetInt32().ShouldBe(2);
        again.GetProperty("accuracy").GetDouble().ShouldBe(opened.GetProperty("test").GetProperty("metric").GetDouble());
    }
}
