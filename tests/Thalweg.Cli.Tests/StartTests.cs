using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>Starting weights through the command.</summary>
public sealed class StartTests
{
    [Fact]
    public void An_audit_tells_a_bad_start_from_a_good_one()
    {
        using Shell shell = new();
        string[] audit = ["audit", "--samples", "600", "--model", "mlp:64,64,64,64", "--norm", "none"];
        string good = shell.Run(audit).Succeeded().Output;
        good.ShouldContain("[784, 64]");
        good.ShouldContain("verdict    healthy");
        good.ShouldNotContain("finding");
        JsonElement bad = shell.Run([.. audit, "--init", "normal(0.01)", "--json"]).Succeeded().Result;
        bad.GetProperty("verdict").GetString().ShouldBe("vanishing");
        bad.GetProperty("findings").GetArrayLength().ShouldBeGreaterThan(0);
        bad.GetProperty("layers").GetArrayLength().ShouldBe(5);
        bad.GetProperty("layers")[1].GetProperty("proposedGain").GetDouble().ShouldBe(Math.Sqrt(2), 1e-3);
        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_run_prepares_its_weights_and_another_continues_from_them()
    {
        using Shell shell = new();
        string[] train = ["train", "--samples", "300", "--model", "mlp:16,8", "--epochs", "1", "--norm", "none"];
        string first = shell.Run([.. train, "--lsuv", "--pretrain", "1", "--output-bias", "--out", "a"]).Succeeded().Output;
        first.ShouldContain("lsuv: 1.weight variance ");
        first.ShouldContain("pretrained: 1.weight error ");
        first.ShouldContain("output bias: from the class frequencies");
        string second = shell.Run([.. train, "--from", "a", "--freeze", "1.*", "--out", "b"]).Succeeded().Output;
        second.ShouldContain("from a: 6 of 6 tensors matched");
        Weight(shell, "b", "1.weight").ShouldBe(Weight(shell, "a", "1.weight"));
        Weight(shell, "b", "2.weight").ShouldNotBe(Weight(shell, "a", "2.weight"));
    }

    [Theory]
    [InlineData("nowhere: there is no such model", "--from", "nowhere")]
    [InlineData("--lsuv: it would overwrite the weights of --from", "--from", "x", "--lsuv")]
    [InlineData("expected 'zz*' to match a parameter", "--freeze", "zz*")]
    [InlineData("nothing to reconstruct", "--pretrain", "1", "--model", "linear")]
    public void Bad_starts_are_refused(string message, params string[] options)
    {
        using Shell shell = new();
        Answer answer = shell.Run(["train", "--samples", "100", "--out", "run", .. options]);
        answer.Code.ShouldBe(2);
        answer.Error.ShouldContain(message);
        answer.Error.Trim().ShouldNotContain('\n');
        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();
    }

    private static float[] Weight(Shell shell, string run, string name)
    {
        Checkpoints.SafetensorsFile file = Checkpoints.SafetensorsFile.Read(shell.At($"{run}/model.safetensors"));
        return file[name].AsSpan<float>().ToArray();
    }
}
