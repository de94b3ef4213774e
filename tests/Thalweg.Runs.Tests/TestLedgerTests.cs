using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

/// <summary>Each reading of test data leaves an entry, and the report counts the models.</summary>
public sealed class TestLedgerTests
{
    [Fact]
    public void The_report_counts_the_models_that_were_judged_on_the_same_rows()
    {
        using TemporaryFolder temp = new();
        FolderIndex index = new(temp.Folder);
        Recipe recipe = temp.Recipe(epochs: 1);
        for (int i = 0; i < 3; i++)
        {
            RunResult result = Start(temp, recipe.With("network.layers", $"mlp:{i + 4}"), $"run{i}", index);
            result.TestReuse!.Models.ShouldBe(i + 1);
            result.Warnings.Any(warning => warning.Contains($"{i + 1} different models", StringComparison.Ordinal)).ShouldBe(i > 0);
            result.TestReuse.LevelOfEach().ShouldBe(1 - (0.05 / (i + 1)), 1e-15);
            result.TestReport!.Level.ShouldBe(result.TestReuse.LevelOfEach());
        }

        // The same weights again are the same model, and other rows are other test data.
        Start(temp, recipe.With("network.layers", "mlp:4"), "again", index).TestReuse!.ShouldBe(new TestReuse(20, 3, 4));
        Start(temp, recipe.With("data.split.seed", 9), "other", index).TestReuse!.ShouldBe(new TestReuse(20, 1, 1));
    }

    [Fact]
    public void A_reading_lies_in_the_folder_and_in_the_events_of_the_run_with_its_metric()
    {
        using TemporaryFolder temp = new();
        RunResult result = Start(temp, temp.Recipe(epochs: 1), "run", null);
        TestRead read = TestReadLog.Load(temp.At("run")).ShouldHaveSingleItem();
        read.Metric.ShouldBe("accuracy");
        read.Value.ShouldBe(result.Test!.Metric);
        read.Model.ShouldBe(result.Model.Module.Fingerprint());
        read.Samples.ShouldBe(20);
        read.Run.ShouldBeNull();
        RunEvent.TestRead written = EventLog.Read(temp.At("run")).OfType<RunEvent.TestRead>().ShouldHaveSingleItem();
        written.Reading!.Id.ShouldBe(read.Id);
        written.Reading.Fingerprint.ShouldBe(read.Fingerprint);

        TrainedModel model = TrainedModel.Load(temp.At("run"));
        TestSet test = model.Origin!.Open(model.Preprocessing).Test!;
        TestJudgment.OfSaved(model, test, new RunTestLedger(temp.At("run"), null), "later").FolderReads.ShouldBe(2);
        EventLog.Read(temp.At("run")).OfType<RunEvent.TestRead>().Count().ShouldBe(2);
    }

    [Fact]
    public void Deleting_a_run_keeps_its_readings()
    {
        using TemporaryFolder temp = new();
        FolderIndex index = new(temp.Folder);
        Start(temp, temp.Recipe(epochs: 1), "first", index);
        RunDeletion.Delete(temp.At("first"), index);
        Directory.Exists(temp.At("first")).ShouldBeFalse();
        RunResult second = Start(temp, temp.Recipe(epochs: 1).With("network.layers", "mlp:5"), "second", index);
        second.TestReuse!.Models.ShouldBe(2);
        RunDeletion.Delete(temp.At("second"), index);
        index.ReadsOf(TestReadLog.Load(temp.Folder)[0].Fingerprint!).Select(read => read.Run)
            .ShouldBe([temp.At("first"), temp.At("second")]);
    }

    [Fact]
    public void Nothing_is_read_where_no_entry_can_be_written()
    {
        using TemporaryFolder temp = new();
        Recipe recipe = temp.Recipe(epochs: 1);
        Directory.CreateDirectory(temp.At("run/test-reads.json"));
        Should.Throw<ThalwegException>(() => Start(temp, recipe, "run", null)).Message.ShouldContain("test-reads.json");
        File.Exists(temp.At("run/events.jsonl")).ShouldBeTrue();
        EventLog.Read(temp.At("run")).OfType<RunEvent.TestRead>().ShouldBeEmpty();
    }

    [Fact]
    public void An_old_list_of_readings_is_read_and_goes_on()
    {
        using TemporaryFolder temp = new();
        File.WriteAllText(temp.At("test-reads.json"), """[{"number":1,"reason":"train --open-test","time":"2026-01-02T03:04:05+00:00"}]""");
        TestReadLog.Record(temp.Folder, new TestRead(1, "again", DateTimeOffset.UtcNow) { Id = "x", Fingerprint = "y" });
        TestReadLog.Load(temp.Folder).Select(read => (read.Number, read.Id)).ShouldBe([(1, ""), (2, "x")]);
    }

    private static RunResult Start(TemporaryFolder temp, Recipe recipe, string name, IRunIndex? index) =>
        Run.Start(recipe, new RunOptions { Folder = temp.At(name), OpensTest = true, Index = index });
}
