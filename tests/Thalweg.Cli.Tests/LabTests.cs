namespace Thalweg.Cli.Tests;

public sealed class LabTests
{
    [Fact]
    public void Labs_are_listed_and_run_and_their_results_are_kept()
    {
        using Shell shell = new();
        shell.Run("lab", "list").Succeeded().Output.ShouldContain("zero-init");
        shell.Run("lab", "list", "--json").Succeeded().Result.GetProperty("labs").GetArrayLength().ShouldBeGreaterThan(20);
        string[] words = ["lab", "run", "zero-init", "--seeds", "2", "--set", "start=constant(0)", "--cache", "kept"];
        Answer first = shell.Run([.. words, "--json"]).Succeeded();
        first.Result.GetProperty("verdict").GetString().ShouldNotBeNull();
        Directory.GetFiles(shell.At("kept"), "zero-init-*.json").Length.ShouldBe(1);
        shell.Run([.. words, "--json"]).Succeeded().Output.ShouldBe(first.Output);
        shell.Run(words).Succeeded().Output.ShouldContain("equal-units");
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        using Shell shell = new();
        shell.Refuses(["lab", "run", "zero-int"], "did you mean zero-init");
        shell.Refuses(["lab", "run", "zero-init", "--set", "strt=zeros"], "start");
        shell.Refuses(["lab", "run", "zero-init", "--set", "start"], "--set", "OPTION=TEXT");
        shell.Refuses(["lab", "run", "zero-init", "--set", "start=zeros", "--set", "start=ones"], "--set", "start=zeros", "start=ones");
        shell.Refuses(["lab", "run", "zero-init", "--quick", "--full"], "contradict");
        shell.Refuses(["lab", "run", "zero-init", "--data-dir", "."], "--full");
        shell.Refuses(["lab", "run", "zero-init", "--full", "--data-dir", "nowhere"], "nowhere");
        shell.Refuses(["lab", "run", "zero-init", "--seeds", "1"], "--seeds");
        shell.Refuses(["lab", "all", "--third", "4"], "1 to 3");
    }
}
