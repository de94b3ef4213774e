using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>The page of a run through the command.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_page_is_written_into_the_folder_of_the_run_or_elsewhere()
    {
        using Shell shell = new();
        shell.Run("train", "--data", "moons", "--samples", "120", "--model", "mlp:8", "--epochs", "2", "--out", "run").Succeeded();
        shell.Run("report", "run").Succeeded().Output.ShouldContain("report.html");
        string page = File.ReadAllText(shell.At("run/report.html"));
        page.ShouldContain("<h2 id=\"classes\">");
        page.ShouldContain("<h2 id=\"settings\">");

        JsonElement result = shell.Run("report", "run", "--part", "training", "--out", "other.html", "--json").Succeeded().Result;
        (result.GetProperty("page").GetString(), File.Exists(shell.At("other.html"))).ShouldBe(("other.html", true));
        result.GetProperty("report").GetProperty("samples").GetInt32().ShouldBeGreaterThan(12);
        result.GetProperty("notes").GetArrayLength().ShouldBe(0);
        File.Exists(shell.At("run/test-reads.json")).ShouldBeFalse();
    }

    [Fact]
    public void Folders_without_a_run_and_the_test_part_are_refused()
    {
        using Shell shell = new();
        Answer none = shell.Run("report", "none");
        (none.Code, none.Error.Contains("none", StringComparison.Ordinal)).ShouldBe((2, true));
        shell.Run("report", "none", "--part", "test").Code.ShouldBe(2);
        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();
    }
}
