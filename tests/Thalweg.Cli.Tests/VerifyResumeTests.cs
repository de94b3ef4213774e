using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary><c>thalweg verify-resume</c>: processes that kill themselves, and what is said of them.</summary>
public sealed class VerifyResumeTests
{
    [Fact]
    public void A_run_that_is_killed_and_resumed_equals_the_one_that_was_not()
    {
        using Shell shell = new();
        JsonElement result = shell.Run(
            "verify-resume", "--data", "moons", "--samples", "200", "--model", "mlp:8", "--epochs", "12", "--dropout", "0.1",
            "--checkpoint-every", "4steps", "--kills", "2", "--out", "proof", "--json").Succeeded().Result;
        result.GetProperty("equal").GetBoolean().ShouldBeTrue(result.ToString());
        result.GetProperty("kills").GetArrayLength().ShouldBe(2);
        result.GetProperty("differences").GetArrayLength().ShouldBe(0);
        Directory.EnumerateDirectories(shell.At("proof")).Count().ShouldBe(2);
    }

    [Fact]
    public void What_cannot_be_verified_is_refused()
    {
        using Shell shell = new();
        shell.Refuses(["verify-resume", "--data", "moons", "--kills", "0"], "--kills");
        shell.Refuses(["verify-resume", "--data", "missing.csv", "--out", "proof"], "missing.csv");
        Directory.Exists(shell.At("proof")).ShouldBeFalse();
        Directory.CreateDirectory(shell.At("full"));
        File.WriteAllText(shell.At("full/other"), "");
        shell.Refuses(["verify-resume", "--data", "moons", "--out", "full"], "full");
    }
}
