using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Thalweg.Cli.Tests;

/// <summary>The command that compares: killed, resumed, refused.</summary>
public sealed class CompareTests
{
    private static readonly string[] s_compare =
    [
        "compare", "--data", "moons", "--samples", "400", "--optimizers", "sgd,adam(b2=0.99),momentum", "--rates", "4", "--rate-range",
        "1e-3,1",
        "--seeds", "2", "--epochs", "4", "--model", "mlp:16", "--json",
    ];

    [Fact]
    public void A_comparison_that_was_killed_continues_to_the_same_result()
    {
        using Shell shell = new();
        using (Process process = shell.Start([.. s_compare, "--out", "cut", "--parallel", "2", "--open-test"]))
        {
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"finished\":7,", StringComparison.Ordinal))
            {
            }

            process.Kill();
            process.WaitForExit();
        }

        File.Exists(shell.At("cut/comparison.json")).ShouldBeFalse();
        shell.Refuses([.. s_compare, "--out", "cut"], "--resume", "--force");
        shell.Refuses(["compare", "--resume", "--out", "cut", "--rates", "5"], "--rates", "--resume");
        Answer resumed = shell.Run("compare", "--resume", "--out", "cut", "--parallel", "1", "--json").Succeeded();
        int after = resumed.Lines.Count(line => line.GetProperty("event").GetString() == "trial");
        after.ShouldBeInRange(1, 30 - 7);

        shell.Run([.. s_compare, "--out", "whole", "--open-test"]).Succeeded();
        Figures(shell.At("cut/comparison.json")).ShouldBe(Figures(shell.At("whole/comparison.json")));
        File.ReadAllBytes(shell.At("cut/model.safetensors")).ShouldBe(File.ReadAllBytes(shell.At("whole/model.safetensors")));
        File.ReadAllText(shell.At("cut/comparison.html")).ShouldContain("<title>Comparison on moons</title>");
        resumed.Result.GetProperty("ranking").GetArrayLength().ShouldBe(3);
        resumed.Result.GetProperty("test").GetProperty("samples").GetInt32().ShouldBe(40);

        // A finished comparison has nothing left to run, and the test data is not read again.
        Answer again = shell.Run("compare", "--resume", "--out", "cut", "--open-test", "--json").Succeeded();
        again.Lines.Length.ShouldBe(2);
        again.Result.GetProperty("test").ToString().ShouldBe(resumed.Result.GetProperty("test").ToString());

        string settings = shell.At("cut/settings.json");
        string earlier = File.ReadAllText(settings).Replace("\"formatVersion\": 2", "\"formatVersion\": 1", StringComparison.Ordinal);
        File.WriteAllText(settings, earlier);
        shell.Refuses(["compare", "--resume", "--out", "cut"], "earlier version", "--force");
    }

    [Theory]
    [InlineData("--optimizers", "adma", "adam")]
    [InlineData("--optimizers", "sgd,sgd", "twice")]
    [InlineData("--optimizers", "rprop", "full batches")]
    [InlineData("--norms", "lyer", "did you mean layer")]
    [InlineData("--norms", "group(0)", "group(8)")]
    [InlineData("--norms", "group(8))", "at character 9")]
    [InlineData("--inits", "hee", "he_normal")]
    [InlineData("--rate-range", "1,0.1", "the lower one first")]
    [InlineData("--limit", "5", "10 or more")]
    public void A_bad_value_is_refused_and_nothing_is_written(string option, string value, string expected)
    {
        using Shell shell = new();
        shell.Refuses(["compare", "--data", "moons", option, value], expected);
    }

    /// <summary>The result without its times.</summary>
    private static string Figures(string path)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(path))!;
        RemoveTimes(document);
        return document.ToJsonString();
    }

    private static void RemoveTimes(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                RemoveTimes(item);
        }

        if (node is not JsonObject members)
            return;
        members.Remove("seconds");
        members.Remove("secondsToTarget");
        foreach ((_, JsonNode? member) in members)
            RemoveTimes(member);
    }
}
