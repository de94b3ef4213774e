using System.Globalization;
using System.Text.Json;
using Thalweg.Losses;
using Thalweg.Models;

namespace Thalweg.Cli.Tests;

/// <summary>Loss, output activation, weights and what a run says of them.</summary>
public sealed class OutputTests
{
    private static readonly string[] s_train = ["train", "--data", "data.csv", "--model", "mlp:8", "--epochs", "2", "--json"];

    [Theory]
    [InlineData(1, "--loss", "bce")]
    [InlineData(1, "--loss", "probability_cross_entropy", "--output-activation", "sigmoid")]
    [InlineData(2, "--loss", "mse", "--output-activation", "softmax")]
    [InlineData(2, "--loss", "softmax_cross_entropy(label_smoothing=0.1)")]
    [InlineData(4, "--loss", "gaussian")]
    public void Two_classes_with_each_loss_are_trained_evaluated_and_predicted(int outputs, params string[] options)
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(300));
        JsonElement test = shell.Run([.. s_train, .. options, "--open-test", "--out", "run"]).Succeeded().Result.GetProperty("test");
        TrainedModel model = TrainedModel.Load(shell.At("run/model.safetensors"));
        model.Loss.ShouldBe(Settings.Parse<Loss>(options[1]));
        model.Module.NamedParameters().Last().Parameter.Shape.ToArray().ShouldBe([outputs]);
        shell.Run("data", "export", "--data", "data.csv", "--part", "test", "--out", "held.csv").Succeeded();
        JsonElement measured = shell.Run("eval", "--model", "run", "--data", "held.csv", "--json").Succeeded().Result;
        foreach (string figure in (string[])["samples", "loss", "accuracy"])
            measured.GetProperty(figure).ToString().ShouldBe(test.GetProperty(figure).ToString());
        string[] wanted = [.. File.ReadLines(shell.At("held.csv")).Skip(1).Select(line => line.Split(',')[3])];
        string[][] rows = [.. shell.Run("predict", "--model", "run", "--data", "held.csv").Succeeded().Output.TrimEnd('\n').Split('\n')
            .Skip(1).Select(line => line.Split(','))];
        rows.ShouldAllBe(row => Math.Abs(Number(row[1]) + Number(row[2]) - 1) < 1e-6);
        ((double)rows.Zip(wanted).Count(pair => pair.First[0] == pair.Second) / wanted.Length)
            .ShouldBe(test.GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void Counts_are_learned_in_their_own_unit()
    {
        using Shell shell = new();
        IEnumerable<string> rows = Enumerable.Range(0, 300).Select(i => Math.Sin(i * 12.9898) * 2)
            .Select(x => string.Create(CultureInfo.InvariantCulture, $"{x:0.####},{Math.Round(4 * Math.Exp(x / 2)):0}"));
        File.WriteAllText(shell.At("data.csv"), "x,count\n" + string.Join('\n', rows) + "\n");
        Answer answer = shell.Run(
            "train", "--data", "data.csv", "--model", "mlp:8", "--task", "regression", "--loss", "poisson", "--epochs", "40", "--lr",
                "0.02",
            "--patience", "0", "--out", "run", "--json").Succeeded();
        answer.Lines[0].GetProperty("warnings").GetArrayLength().ShouldBe(0);
        answer.Result.GetProperty("best").GetProperty("validation").GetProperty("r2").GetDouble().ShouldBeGreaterThan(0.9);
        double[] predicted = [.. shell.Run("predict", "--model", "run", "--data", "data.csv").Succeeded().Output.TrimEnd('\n').Split('\n')
            .Skip(1).Select(Number)];
        predicted.ShouldAllBe(value => value > 0 && value < 20);
    }

    [Theory]
    [InlineData("--loss", "hubr", "did you mean huber")]
    [InlineData("--output-activation", "sigmod", "did you mean sigmoid")]
    [InlineData("--class-weights", "yse=2", "did you mean yes")]
    [InlineData("--class-weights", "yes=-2", "0 or more")]
    [InlineData("--class-weights", "heavy", "balanced")]
    [InlineData("--sample-weight", "heft", "heft")]
    [InlineData("--sample-weight", "kind", "target")]
    [InlineData("--sample-weight", "color", "number of 0 or more")]
    [InlineData("--dropout-kind", "gaussian", "--dropout 0.2")]
    public void Bad_values_are_refused(string option, string value, string expected)
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        shell.Refuses([.. s_train, option, value], expected);
    }

    [Fact]
    public void Weights_of_classes_and_samples_change_the_run_and_not_how_it_is_scored()
    {
        using Shell shell = new();
        string[] rows = [.. TestData.Classes(200).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        File.WriteAllLines(shell.At("data.csv"), rows.Select((row, i) => i == 0 ? $"heft,{row}"
            : row.EndsWith("yes", StringComparison.Ordinal) ? $"5,{row}"
            : $"1,{row}"));
        double plain = Start();
        double byClass = Start("--class-weights", "yes=5");
        double bySample = Start("--sample-weight", "heft");
        double balanced = Start("--class-weights", "balanced");
        byClass.ShouldBe(bySample, 1e-6);
        Math.Abs(byClass - plain).ShouldBeGreaterThan(1e-3);
        Math.Abs(balanced - plain).ShouldBeGreaterThan(1e-6);

        // The loss of the first epoch at a rate at which nothing moves; heft is no feature in any of them.
        double Start(params string[] options) => shell.Run(
            ["train", "--data", "data.csv", "--model", "mlp:4", "--norm", "none", "--epochs", "1", "--lr", "1e-12", "--batch", "full",
                "--json",
            .. options.Contains("--sample-weight") ? options : [.. options, "--ignore", "heft"]]).Succeeded().Lines[1]
            .GetProperty("training").GetProperty("loss").GetDouble();
    }

    [Fact]
    public void A_linear_model_is_announced_without_words_for_hidden_layers()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        string[] train = ["train", "--data", "data.csv", "--epochs", "1", "--model", "linear"];
        shell.Run(train).Succeeded().Output.ShouldContain("network    linear, ");
        shell.Refuses([.. train, "--norm", "batch"], "--norm", "expected hidden layers", "--model linear");
        shell.Refuses([.. train, "--activation", "tanh"], "--activation", "mlp:UNITS");
    }

    [Fact]
    public void The_weights_of_every_layer_are_listed()
    {
        using Shell shell = new();
        string output = shell.Run("train", "--samples", "100", "--model", "cnn:4+8", "--epochs", "1", "--norm", "none").Succeeded().Output;
        output.ShouldContain("layer 0 (1 -> 4, window 3 x 3): he_normal, the default for relu");
        output.ShouldContain("layer 3 (784 -> 8): he_normal");
        JsonElement[] deep = shell.Run("train", "--samples", "100", "--model", "resnet:2x3,4x3", "--epochs", "1", "--json")
            .Succeeded().Lines;
        deep[0].GetProperty("weights").GetArrayLength().ShouldBe(1 + 12 + 1 + 1);
    }

    [Fact]
    public void Several_patterns_of_parameters_are_frozen()
    {
        using Shell shell = new();
        string[] train = ["train", "--samples", "100", "--model", "mlp:8,4", "--norm", "none", "--out", "run", "--json"];
        JsonElement start = shell.Run([.. train, "--epochs", "2", "--freeze", "1.*, *.bias"]).Succeeded().Lines[0];
        start.GetProperty("optimizerName").GetString()!.ShouldStartWith("freeze(1.*), freeze(*.bias), adam(");
        Layers.Module network = TrainedModel.Load(shell.At("run/model.safetensors")).Module;
        network.NamedParameters().Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal))
            .ShouldAllBe(p => p.Parameter.Value.ToArray<float>().All(value => value == 0));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
