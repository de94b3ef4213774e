using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>The commands that tell about data and program.</summary>
public sealed class DataAndVersionTests
{
    [Fact]
    public void Version_tells_what_runs()
    {
        using Shell shell = new();
        JsonElement version = shell.Run("version", "--json").Succeeded().Result;
        version.GetProperty("version").GetString().ShouldBe(typeof(ExitCode).Assembly.GetName().Version!.ToString(3));
        version.GetProperty("threads").GetInt32().ShouldBe(1);
        version.GetProperty("laneBits").GetInt32().ShouldBeOneOf(0, 128, 256, 512);
        shell.Run("version").Succeeded().Output.ShouldStartWith("thalweg ");
    }

    [Fact]
    public void Built_in_data_is_listed()
    {
        using Shell shell = new();
        shell.Run("data", "list").Succeeded().Output.ShouldContain("spirals");
        shell.Run("data", "list", "--json").Succeeded().Result.GetProperty("data")[0].GetProperty("name").GetString().ShouldBe("glyphs");
    }

    [Fact]
    public void Data_is_described()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        string text = shell.Run("data", "show", "data.csv").Succeeded().Output;
        text.ShouldContain("'kind', 2 classes (classification)");
        text.ShouldContain("color");
        JsonElement json = shell.Run("data", "show", "data.csv", "--target", "x", "--json").Succeeded().Result;
        json.GetProperty("task").GetString().ShouldBe("regression");
        json.GetProperty("columns").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public void The_parts_of_data_are_written_apart_and_make_up_the_whole()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        List<string> rows = [];
        foreach (string part in (string[])["training", "validation", "test"])
        {
            shell.Run("data", "export", "--data", "data.csv", "--part", part, "--out", $"{part}.csv").Succeeded();
            rows.AddRange(File.ReadLines(shell.At($"{part}.csv")).Skip(1));
        }

        rows.Order().ShouldBe(File.ReadLines(shell.At("data.csv")).Skip(1).Order());
        shell.Refuses(["data", "export", "--data", "data.csv", "--part", "half", "--out", "x.csv"], "all, training, validation, test");
    }
}
