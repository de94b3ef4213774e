using System.Text.Json;
using System.Text.Json.Nodes;

namespace Thalweg.Cli.Tests;

/// <summary>Intervals, folds, refits, limits and first checks through the command.</summary>
public sealed class EvaluationTests
{
    private static readonly string[] s_train = ["train", "--data", "moons", "--samples", "120", "--model", "mlp:8", "--epochs", "3"];

    [Fact]
    public void Closing_table_and_eval_show_metrics_with_intervals_and_the_trivial_answer()
    {
        using Shell shell = new();
        string output = shell.Run([.. s_train, "--out", "run"]).Succeeded().Output;
        output.ShouldContain("95 % interval ");
        output.ShouldContain("roc_auc ");
        output.ShouldContain("; trivial answer 0.5000");
        JsonElement report = shell.Run("eval", "--model", "run", "--part", "validation", "--metrics", "f1(class=1),mcc", "--json")
            .Succeeded().Result.GetProperty("report");
        string[] names = [.. report.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("name").GetString()!)];
        names.ShouldContain("f1_class_1");
        names.Count(name => name == "matthews").ShouldBe(1);
        report.GetProperty("confusion").GetArrayLength().ShouldBe(2);
        report.GetProperty("calibration").GetArrayLength().ShouldBe(10);
        JsonElement accuracy = report.GetProperty("metrics")[0];
        accuracy.GetProperty("interval").GetString().ShouldBe("wilson");
        accuracy.GetProperty("value").GetDouble().ShouldBeInRange(accuracy.GetProperty("low").GetDouble(), accuracy.GetProperty("high").GetDouble());
        shell.Run("eval", "--model", "run", "--part", "validation", "--metrics", "rmse").Error.ShouldContain("expected numbers to predict");
    }

    [Fact]
    public void Folds_are_trained_one_by_one_and_the_refit_reads_the_test_data_once()
    {
        using Shell shell = new();
        JsonElement[] lines = shell.Run([.. s_train, "--folds", "3", "--refit", "--open-test", "--out", "cv", "--json"]).Succeeded().Lines;
        lines.Count(line => line.GetProperty("event").GetString() == "fold").ShouldBe(3);
        JsonElement all = lines.Single(line => line.GetProperty("event").GetString() == "crossValidation");
        all.GetProperty("folds").GetInt32().ShouldBe(3);
        all.GetProperty("metrics")[0].GetProperty("values").GetArrayLength().ShouldBe(3);
        lines[^1].GetProperty("testReads").GetInt32().ShouldBe(1);
        File.Exists(shell.At("cv/refit/model.safetensors")).ShouldBeTrue();
        File.Exists(shell.At("cv/fold-2/test-reads.json")).ShouldBeFalse();

        string text = shell.Run([.. s_train, "--folds", "2", "--out", "two"]).Succeeded().Output;
        text.ShouldContain("fold 2 of 2: finished");
        text.ShouldContain("deviation over folds");
        Answer closed = shell.Run([.. s_train, "--folds", "2", "--open-test", "--out", "three"]);
        (closed.Code, Directory.Exists(shell.At("three"))).ShouldBe((2, false));
        closed.Error.ShouldContain("add --refit");
    }

    [Fact]
    public void A_cross_validation_resumes_where_it_was_killed()
    {
        using Shell shell = new();
        string[] folds = [.. s_train, "--folds", "3", "--out", "cv"];
        shell.Run(folds).Succeeded();
        string path = shell.At("cv/cross-validation.json"), whole = File.ReadAllText(path);
        Directory.Delete(shell.At("cv/fold-3"), recursive: true);
        JsonNode record = JsonNode.Parse(whole)!;
        record["folds"]!.AsArray().RemoveAt(2);
        File.WriteAllText(path, record.ToJsonString());
        shell.Run(folds).Error.ShouldContain("--resume");
        Answer changed = shell.Run("train", "--resume", "cv", "--epochs", "9");
        (changed.Code, changed.Error.Contains("3 -> 9", StringComparison.Ordinal)).ShouldBe((2, true));

        string output = shell.Run("train", "--resume", "cv").Succeeded().Output;
        output.ShouldContain("fold 3 of 3: finished");
        output.ShouldNotContain("fold 2 of 3");
        File.ReadAllText(path).ShouldBe(whole);
        shell.Run("train", "--resume", "cv").Code.ShouldBe(2);
    }

    [Fact]
    public void A_batch_is_learned_by_heart_or_not()
    {
        using Shell shell = new();
        string[] words = ["train", "--data", "moons", "--samples", "120", "--model", "mlp:64", "--overfit-batch"];
        shell.Run(words).Succeeded().Output.ShouldContain("learned");
        Answer stuck = shell.Run([.. words, "--lr", "1e-12", "--json"]);
        stuck.Code.ShouldBe(2);
        stuck.Result.GetProperty("learned").GetBoolean().ShouldBeFalse();
        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void Batch_sizes_are_listed_with_speed_and_memory()
    {
        using Shell shell = new();
        string[] words = ["batch-find", "--data", "moons", "--samples", "100", "--model", "mlp:8"];
        JsonElement result = shell.Run([.. words, "--json"]).Succeeded().Result;
        int[] sizes = [.. result.GetProperty("sizes").EnumerateArray().Select(size => size.GetProperty("batch").GetInt32())];
        sizes.ShouldBe([1, 2, 4, 8, 16, 32, 64, 80]);
        sizes.ShouldContain(result.GetProperty("suggested").GetInt32());
        shell.Run(words).Succeeded().Output.ShouldContain("suggested batch: ");
        Directory.GetFileSystemEntries(shell.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void Limits_samplers_and_divisions_are_options_that_name_themselves_in_errors()
    {
        using Shell shell = new();
        shell.Run([.. s_train, "--max-steps", "4", "--sampler", "balanced", "--validation", "0.2", "--out", "a"]).Succeeded().Output
            .ShouldContain("after 4 steps, the limit of --max-steps");
        shell.Run([.. s_train, "--max-time", "soon"]).Error.ShouldContain("--max-time: expected a time above 0");
        shell.Run([.. s_train, "--gap", "2"]).Error.ShouldContain("column of the time");
        shell.Run([.. s_train, "--fold", "2"]).Error.ShouldContain("--folds");
        shell.Run([.. s_train, "--validation", "0.2", "--folds", "3"]).Error.ShouldContain("--validation and --folds contradict");
        shell.Run([.. s_train, "--monitor", "f1", "--out", "b"]).Succeeded();
    }

    [Fact]
    public void Leakage_is_a_note_with_rows_and_the_option_that_changes_it()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("id.csv"), "id,x,kind\n" + string.Concat(Enumerable.Range(1, 100).Select(i =>
            FormattableString.Invariant($"{i},{Math.Sin(i * 12.9898):0.####},{(Math.Sin(i * 78.233) > 0 ? "yes" : "no")}\n"))));
        string[] words = ["train", "--data", "id.csv", "--model", "mlp:4", "--epochs", "1"];
        string output = shell.Run([.. words, "--out", "a"]).Succeeded().Output.ReplaceLineEndings(" ");
        output.ShouldContain("column 'id' holds another whole number in each row");
        output.ShouldContain("--ignore");
        shell.Run([.. words, "--out", "b", "--no-leakage-checks"]).Succeeded().Output.ShouldNotContain("whole number");
        shell.Run([.. words, "--out", "c", "--strict"]).Code.ShouldBe(2);
    }
}
