using System.Text.Json;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

public sealed class EventTests
{
    private static readonly Evaluation s_figures = new(LearningTask.Classification(), 10, 0.5, 0.75, double.NaN, double.NaN, double.NaN);

    private static readonly RunEvent[] s_all =
    [
        new RunEvent.Started(2, 40, 10, 20, "adam(learning_rate=0.1)", null),
        new RunEvent.Started(0, 0, 10, 20, "sgd(0.1)", "made in code"),
        new RunEvent.Warning("\"quoted\"\nand more"),
        new RunEvent.EpochEnded(new EpochReport(3, s_figures, s_figures, true, double.NaN, 0.25)),
        new RunEvent.Checkpoint(3, 60),
        new RunEvent.Recovered(2, 45, NonFiniteAction.Skip, double.NaN, "step 45 had a loss that is not finite"),
        new RunEvent.Fault("the disk is full"),
        new RunEvent.TestRead(s_figures),
        new RunEvent.Ended("diverged", EndReason.NonFinite, 61, 1.5, -1, "the loss became NaN"),
        new RunEvent.Custom("doctor.finding", 3, """{"a":[1,null],"time":"never"}"""),
        new RunEvent.Custom("doctor.note", 1, "\"text\""),
    ];

    [Fact]
    public void Every_kind_has_its_row() =>
        s_all.Select(item => item.GetType()).Distinct().Count().ShouldBe(
            typeof(RunEvent).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(RunEvent))));

    [Fact]
    public void Every_event_is_written_on_one_line_and_read_back()
    {
        foreach (RunEvent item in s_all)
        {
            string line = item.ToJson();
            line.ShouldNotContain('\n');
            RunEvent.FromJson(line).ShouldBe(item);
        }
    }

    [Fact]
    public void An_event_of_a_newer_version_is_kept_as_it_is()
    {
        const string Line = """{"event":"gradient_noise","time":"2027-01-01T00:00:00+00:00","scale":12.50}""";
        RunEvent.Custom read = RunEvent.FromJson(Line).ShouldBeOfType<RunEvent.Custom>();
        read.Kind.ShouldBe("gradient_noise");
        read.Version.ShouldBe(0);
        read.ToJson().ShouldBe(Line);
    }

    [Theory]
    [InlineData("[]"), InlineData("{}"), InlineData("""{"event":1}"""), InlineData("""{"event":"checkpoint"}"""), InlineData("""{"event":"custom"}""")]
    public void A_line_that_is_no_event_is_refused(string line) => Should.Throw<JsonException>(() => RunEvent.FromJson(line));

    [Fact]
    public void A_line_that_was_cut_off_is_left_out_and_removed_by_the_next_writer()
    {
        using TemporaryFolder temporary = new();
        using (EventLog log = EventLog.Open(temporary.Folder))
        {
            log.Write(s_all[0]);
            log.Write(s_all[7]);
        }

        string path = temporary.At("events.jsonl"), whole = File.ReadAllText(path);
        for (int length = whole.Length; length >= 0; length--)
        {
            File.WriteAllText(path, whole[..length]);
            int lines = whole[..length].Count(letter => letter == '\n');
            EventLog.Read(temporary.Folder).ShouldBe(new[] { s_all[0], s_all[7] }.Take(Math.Max(0, lines - 1)));
            using (EventLog log = EventLog.Open(temporary.Folder))
                log.Write(s_all[4]);
            EventLog.Read(temporary.Folder)[^1].ShouldBe(s_all[4]);
        }
    }

    [Fact]
    public void A_log_of_a_newer_version_and_other_files_are_refused()
    {
        using TemporaryFolder temporary = new();
        string path = temporary.At("events.jsonl");
        File.WriteAllText(path, """{"format":"thalweg-events","version":2}""" + "\n");
        Should.Throw<ThalwegException>(() => EventLog.Read(temporary.Folder)).Message.ShouldContain("update Thalweg");
        Should.Throw<ThalwegException>(() => EventLog.Open(temporary.Folder)).Message.ShouldContain("update Thalweg");
        File.WriteAllText(path, "{\"format\":\"other\",\"version\":1}\n");
        Should.Throw<ThalwegException>(() => EventLog.Read(temporary.Folder)).Message.ShouldContain("events of a run");
        File.WriteAllText(path, "hello\n");
        Should.Throw<ThalwegException>(() => EventLog.Open(temporary.Folder)).Message.ShouldContain("events of a run");
        File.WriteAllText(path, "{\"format\":\"thalweg-events\",\"version\":1}\n{}\n{\"event\":\"warning\",\"message\":\"x\"}\n");
        Should.Throw<ThalwegException>(() => EventLog.Read(temporary.Folder)).Message.ShouldContain("line 2");
        File.Delete(path);
        Should.Throw<ThalwegException>(() => EventLog.Read(temporary.Folder)).Message.ShouldContain("cannot read");
    }

    [Fact]
    public void A_log_can_be_read_while_a_run_writes()
    {
        using TemporaryFolder temporary = new();
        using EventLog log = EventLog.Open(temporary.Folder);
        log.Write(s_all[0]);
        EventLog.Read(temporary.Folder).ShouldBe([s_all[0]]);
    }
}
