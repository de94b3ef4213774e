using System.Globalization;
using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>What the command tells of how data were read, and its options for cells.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void Data_show_tells_how_a_file_was_read()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("a.csv"), "id;preis;stadt;y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"n{i};{(i % 9 == 4 ? "NA" : $"1.{100 + i},5")};{(i % 2 == 0 ? "Ulm" : "Bonn")};{i % 3}\n")));
        string text = shell.Run("data", "show", "a.csv").Succeeded().Output;
        foreach (string part in (string[])
            ["utf-8", "separator ';'", "a header", "decimal mark ','", "--decimal", "--thousands", "id, not used", "'NA'"])
        {
            text.ShouldContain(part);
        }

        text.Split('\n').ShouldAllBe(line => line.Length <= 100);
        JsonElement json = shell.Run("data", "show", "a.csv", "--json").Succeeded().Result;
        JsonElement reading = json.GetProperty("reading");
        reading.GetProperty("decimal").GetString().ShouldBe(",");
        reading.GetProperty("columns")[1].GetProperty("missingWords")[0].GetString().ShouldBe("NA");
        reading.GetProperty("columns")[0].GetProperty("kind").GetString().ShouldBe("id");
        json.GetProperty("notes").EnumerateArray().ShouldContain(note => note.GetProperty("option").GetString() == "--thousands");
        shell.Refuses(["data", "show", "a.csv", "--strict"], "a.csv", "--strict");
        shell.Refuses(["train", "--data", "a.csv", "--strict"], "a.csv", "--strict");
    }

    [Fact]
    public void A_mark_that_nothing_proves_is_refused_with_the_options()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("a.csv"), "x;y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"1,{100 + i};{i % 3}\n")));
        shell.Refuses(["data", "show", "a.csv"], "a.csv", "'x'", "'1,100' (line 2)", "--thousands", "--decimal");
        shell.Run("data", "show", "a.csv", "--thousands", "comma").Succeeded().Output.ShouldContain("1100 to 1159");
        shell.Run("data", "show", "a.csv", "--decimal", ",").Succeeded().Output.ShouldContain("1.1 to 1.159");
    }

    [Fact]
    public void Wide_tables_are_told_in_few_lines()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("a.csv"), string.Join(',', Enumerable.Range(0, 2000).Select(i => $"g{i}")) + "\n" + string.Concat(
            Enumerable.Range(0, 30).Select(row =>
                string.Join(',', Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? 7 : row * (i + 1))) + "\n")));
        string[] lines = shell.Run("data", "show", "a.csv").Succeeded().Output.Split('\n');
        lines.Length.ShouldBeLessThan(60);
        lines.ShouldContain(line => line.Contains("1,000 columns dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void Predictions_read_back_to_the_same_numbers()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("a.csv"), "x,y\n" + string.Concat(Enumerable.Range(0, 200)
            .Select(i => FormattableString.Invariant($"{Math.Sin(i)},{1e9 + (10 * Math.Sin(i))}\n"))));
        shell.Run(
            "train", "--data", "a.csv", "--model", "linear", "--optimizer", "lbfgs", "--epochs", "20", "--norm", "none", "--out", "run")
                .Succeeded();
        shell.Run("predict", "--model", "run", "--data", "a.csv", "--out", "p.csv").Succeeded();
        double[] predicted = [.. File.ReadLines(shell.At("p.csv")).Skip(1)
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        for (int i = 0; i < predicted.Length; i++)
            predicted[i].ShouldBe(1e9 + (10 * Math.Sin(i)), 1e-3);
    }

    [Fact]
    public void Categories_that_training_never_saw_are_reported_on_the_error_output()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(90));
        shell.Run("train", "--data", "data.csv", "--epochs", "1", "--out", "run").Succeeded();
        File.WriteAllText(shell.At("new.csv"), "x,y,color,kind\n1,2,RED,yes\n1,2,red,no\n");
        foreach (string command in (string[])["eval", "predict"])
        {
            Answer answer = shell.Run(command, "--model", "run", "--data", "new.csv");
            answer.Code.ShouldBe(0);
            answer.Error.ShouldBe("note: column 'color': 1 row has a category that training never saw, such as 'RED'\n");
            shell.Refuses([command, "--model", "run", "--data", "new.csv", "--strict"], "'RED'", "--strict");
        }
    }
}
