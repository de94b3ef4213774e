using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>The doctor through the command.</summary>
public sealed class DoctorTests
{
    private static readonly string[] s_train =
        ["train", "--data", "moons", "--samples", "300", "--model", "mlp:8,8", "--optimizer", "adam", "--lr", "0.01", "--epochs", "4"];

    [Fact]
    public void Findings_are_printed_while_a_run_is_under_way_and_kept_in_its_events_with_the_same_weights()
    {
        using Shell shell = new();
        shell.Run([.. s_train, "--bias-init", "constant(-8)", "--out", "plain"]).Succeeded();
        Answer watched = shell.Run([.. s_train, "--bias-init", "constant(-8)", "--doctor", "--out", "watched"]);
        watched.Code.ShouldBe(0);
        watched.Error.ShouldContain("dead ReLU");
        File.ReadAllText(shell.At("watched/events.jsonl")).ShouldContain("\"doctor.finding\"");
        shell.Run([.. s_train, "--doctor", "--folds", "3", "--out", "folds"]).Code.ShouldBe(2);
    }

    [Fact]
    public void A_run_is_examined_and_its_repaired_recipe_is_written()
    {
        using Shell shell = new();
        shell.Run([.. s_train, "--bias-init", "constant(-8)", "--keep", "last", "--out", "run"]).Succeeded();
        string[] before = Directory.GetFileSystemEntries(shell.At("run"));
        string[] doctor = ["doctor", "run", "--budget", "2", "--prove", "dead_relu", "--apply", "fixed.yaml", "--format", "json"];
        JsonElement examined = JsonDocument.Parse(shell.Run(doctor).Succeeded().Output).RootElement;
        examined.GetProperty("examination").GetProperty("findings").EnumerateArray()
            .ShouldContain(finding => finding.GetProperty("cause").GetString() == "dead_relu");
        examined.GetProperty("proof").GetProperty("repaired").GetBoolean().ShouldBeTrue();
        File.ReadAllText(shell.At("fixed.yaml")).ShouldNotContain("constant(-8)");
        Directory.GetFileSystemEntries(shell.At("run")).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public void What_cannot_be_examined_is_refused_in_a_line_and_nothing_is_written()
    {
        using Shell shell = new();
        (string Word, string Fact)[] wrong = [("none", "none"), ("--lang", "en"), ("--budget", "0 or more")];
        foreach ((string word, string fact) in wrong)
        {
            Answer answer = word == "none" ? shell.Run("doctor", "none") : shell.Run("doctor", "none", word, "-2");
            answer.Code.ShouldBe(2);
            answer.Error.ShouldContain(fact);
        }

        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();

        // Before anything is trained, which here could not be.
        shell.Refuses(["doctor", "none", "--prove", "dead_rely"], "dead_relu");
        shell.Refuses(["doctor", "none", "--apply", "missing/fixed.yaml"], "missing/fixed.yaml", "folder");
        File.WriteAllText(shell.At("there.yaml"), "");
        shell.Refuses(["doctor", "none", "--apply", "there.yaml"], "there.yaml", "another name");
    }
}
