using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Calibration and speed of a model on the command line.</summary>
public sealed class ServingTests
{
    [Fact]
    public void Calibrate_saves_the_temperature_and_keeps_the_classes()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(200));
        shell.Run("train", "--data", "data.csv", "--model", "mlp:16", "--epochs", "5", "--out", "run").Succeeded();
        string before = shell.Run("predict", "--model", "run", "--data", "data.csv").Succeeded().Output;
        JsonElement figures = shell.Run("calibrate", "--model", "run", "--json").Succeeded().Lines[0];
        figures.GetProperty("temperature").GetDouble().ShouldBeGreaterThan(0);
        figures.GetProperty("lossAfter").GetDouble().ShouldBeLessThanOrEqualTo(figures.GetProperty("lossBefore").GetDouble());
        string after = shell.Run("predict", "--model", "run", "--data", "data.csv").Succeeded().Output;
        after.ShouldNotBe(before);
        Classes(after).ShouldBe(Classes(before));

        static string[] Classes(string csv) => [.. csv.Split('\n').Select(line => line.Split(',')[0])];
    }

    [Fact]
    public void Bench_model_prints_a_line_for_each_way_of_calling()
    {
        using Shell shell = new();
        shell.Run("train", "--data", "moons", "--samples", "100", "--model", "mlp:4", "--epochs", "1", "--out", "run").Succeeded();
        shell.Run("bench-model", "run", "--callers", "2", "--json").Succeeded().Lines.Length.ShouldBe(6);
        shell.Refuses(["bench-model", "nowhere"], "nowhere");
    }
}
