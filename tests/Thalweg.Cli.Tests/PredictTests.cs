using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Evaluation and prediction on held-out rows agree with the report of training.</summary>
public sealed class PredictTests
{
    [Fact]
    public void Classes_of_a_table()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(400));
        JsonElement test = Train(shell, "data.csv", "3");
        shell.Run("data", "export", "--data", "data.csv", "--part", "test", "--out", "held.csv").Succeeded();
        JsonElement measured = shell.Run("eval", "--model", "run", "--data", "held.csv", "--json").Succeeded().Result;
        foreach (string figure in (string[])["samples", "loss", "accuracy"])
            measured.GetProperty(figure).ToString().ShouldBe(test.GetProperty(figure).ToString());

        string[] predicted = Predict(shell, "run/model.safetensors", "held.csv");
        predicted[0].ShouldBe("kind,p(no),p(yes)");
        string[] wanted = [.. File.ReadLines(shell.At("held.csv")).Skip(1).Select(line => line.Split(',')[3])];
        string[][] rows = [.. predicted.Skip(1).Select(line => line.Split(','))];
        rows.Length.ShouldBe(wanted.Length);
        int right = rows.Zip(wanted).Count(pair => pair.First[0] == pair.Second);
        ((double)right / wanted.Length).ShouldBe(test.GetProperty("accuracy").GetDouble());
        foreach (string[] row in rows)
            (Number(row[1]) + Number(row[2])).ShouldBe(1, 1e-6);

        shell.Run("predict", "--model", "run", "--data", "held.csv", "--out", "p.csv").Succeeded().Output.ShouldBeEmpty();
        File.ReadAllLines(shell.At("p.csv")).ShouldBe(predicted);
    }

    [Fact]
    public void Numbers_of_a_table()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Prices(400));
        JsonElement test = Train(shell, "data.csv", "30");
        shell.Run("data", "export", "--data", "data.csv", "--part", "test", "--out", "held.csv").Succeeded();
        JsonElement measured = shell.Run("eval", "--model", "run", "--data", "held.csv", "--json").Succeeded().Result;
        foreach (string figure in (string[])["samples", "loss", "r2", "rootMeanSquaredError", "meanAbsoluteError"])
            measured.GetProperty(figure).ToString().ShouldBe(test.GetProperty(figure).ToString());

        string[] predicted = Predict(shell, "run", "held.csv");
        predicted[0].ShouldBe("price");
        double[] wanted = [.. File.ReadLines(shell.At("held.csv")).Skip(1).Select(line => Number(line.Split(',')[2]))];
        double error = predicted.Skip(1).Select(Number).Zip(wanted, (value, target) => Math.Abs(value - target)).Average();
        error.ShouldBe(test.GetProperty("meanAbsoluteError").GetDouble(), 1e-3);
    }

    [Fact]
    public void Images_from_a_folder()
    {
        using Shell shell = new();
        Directory.CreateDirectory(shell.At("images"));
        (byte[] images, byte[] labels) = TestData.Halves(300);
        File.WriteAllBytes(shell.At("images/train-images-idx3-ubyte.gz"), TestData.Gzip(images));
        File.WriteAllBytes(shell.At("images/train-labels-idx1-ubyte"), labels);
        JsonElement test = Train(shell, "images", "2");
        shell.Run("data", "export", "--data", "images", "--part", "test", "--out", "held-images-idx3-ubyte").Succeeded();
        JsonElement measured = shell.Run("eval", "--model", "run", "--data", "held-images-idx3-ubyte", "--json").Succeeded().Result;
        foreach (string figure in (string[])["samples", "loss", "accuracy"])
            measured.GetProperty(figure).ToString().ShouldBe(test.GetProperty(figure).ToString());
        Predict(shell, "run", "held-images-idx3-ubyte").Length.ShouldBe(test.GetProperty("samples").GetInt32() + 1);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_the_command_quietly()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the test needs a Unix shell");
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        shell.Run("train", "--data", "data.csv", "--epochs", "1", "--out", "run").Succeeded();
        File.WriteAllText(shell.At("many.csv"), TestData.Classes(20_000));
        using Process process = shell.Start("predict", "--model", "run", "--data", "many.csv");
        process.StandardOutput.ReadLine().ShouldBe("kind,p(no),p(yes)");
        process.StandardOutput.Close();
        process.StandardError.ReadToEnd().ShouldBeEmpty();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>Trains, and gives the figures on the test data.</summary>
    private static JsonElement Train(Shell shell, string data, string epochs) =>
        shell.Run("train", "--data", data, "--epochs", epochs, "--out", "run", "--open-test", "--json").Succeeded().Result
            .GetProperty("test");

    /// <summary>The lines of a prediction.</summary>
    private static string[] Predict(Shell shell, string model, string data) =>
        shell.Run("predict", "--model", model, "--data", data).Succeeded().Output.TrimEnd('\n').Split('\n');

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
