using System.Diagnostics;

namespace Thalweg.Tuning.Tests.Studies;

/// <summary>The journal, and studies that are not as they should be.</summary>
public sealed class StorageTests
{
    [Fact]
    public void Several_instances_on_one_journal_take_each_trial_once()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = VirtualStudy.Definition(60, "random", "none", "lag(16)");
        Thread[] workers = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            using Study study = Study.OpenOrCreate(new JournalStorage(temporary.At("study.jsonl")), definition);
            StudyWorkers.Run(study, new InstantObjective());
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        MemoryStorage alone = new();
        VirtualStudy.Run(alone, definition, 1);
        VirtualStudy.Lines(new JournalStorage(temporary.At("study.jsonl"))).ShouldBe(VirtualStudy.Lines(alone));
        File.ReadAllLines(temporary.At("study.jsonl")).Count(line => line.Contains("\"end\":", StringComparison.Ordinal)).ShouldBe(60);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_dropped_and_a_damaged_one_is_told()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = VirtualStudy.Definition(8, "random", "none", "lag(2)");
        VirtualStudy.Run(new JournalStorage(temporary.At("study.jsonl")), definition, 1);
        string[] lines = VirtualStudy.Lines(new JournalStorage(temporary.At("study.jsonl")));

        // As by a process that has ended.
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(temporary.At("study.jsonl"))
            .Replace($"\"process\":{Environment.ProcessId},", "\"process\":2147480000,", StringComparison.Ordinal));
        foreach (int cut in (int[])[bytes.Length - 3, bytes.Length * 2 / 3, bytes.Length / 2])
        {
            File.WriteAllBytes(temporary.At("study.jsonl"), bytes[..cut]);
            VirtualStudy.Run(new JournalStorage(temporary.At("study.jsonl")), definition, 2);
            VirtualStudy.Lines(new JournalStorage(temporary.At("study.jsonl"))).ShouldBe(lines);
        }

        File.AppendAllText(temporary.At("study.jsonl"), "{\"job\":7}\n");
        Should.Throw<ThalwegException>(() => Study.Open(new JournalStorage(temporary.At("study.jsonl")))).Message.ShouldContain("damaged");
    }

    [Fact]
    public void A_locked_or_read_only_journal_and_one_of_a_newer_version_are_told()
    {
        using TemporaryFolder temporary = new();
        string path = temporary.At("study.jsonl");
        StudyDefinition definition = VirtualStudy.Definition(3, "random", "none", "lag(2)");
        using (new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Should.Throw<ThalwegException>(() => Study.OpenOrCreate(new JournalStorage(path, TimeSpan.FromMilliseconds(50)), definition))
                .Message.ShouldContain("the study is locked");
        }

        VirtualStudy.Run(new JournalStorage(path), definition, 1);
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace("\"version\":1", "\"version\":9", StringComparison.Ordinal));
        Should.Throw<ThalwegException>(() => Study.Open(new JournalStorage(path))).Message.ShouldContain("newer version (9)");
        File.WriteAllText(path, text);
        Should.Throw<ThalwegException>(() => Study.Open(new JournalStorage(temporary.At("none.jsonl")))).Message.ShouldContain("found none");
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Should.Throw<ThalwegException>(() => Study.OpenOrCreate(new JournalStorage(path), definition)).Message.ShouldContain("cannot write");
    }

    [Fact]
    public void Another_space_or_sampler_is_told_and_can_be_had_by_extending()
    {
        MemoryStorage storage = new();
        StudyDefinition definition = VirtualStudy.Definition(6, "random", "none", "lag(2)");
        VirtualStudy.Run(storage, definition, 1);
        StudyDefinition wider = definition with { Space = SearchSpace.Parse("x=uniform(-2, 2)", "rate=log(1e-4, 1)", "kind=choice(a, b, c)"), Trials = 9 };
        string message = Should.Throw<ThalwegException>(() => Study.OpenOrCreate(storage, wider)).Message;
        foreach (string fact in (string[])["x=uniform(-1, 1)", "x=uniform(-2, 2)", "trials: 6 -> 9", "Study.Extend"])
            message.ShouldContain(fact);
        VirtualStudy.Run(new CopiedStorage(storage), definition, 1);
        using (Study study = Study.OpenOrCreate(storage, wider, extends: true))
            study.Definition.Trials.ShouldBe(9);
        VirtualStudy.Run(storage, wider, 2);
        using (Study study = Study.Open(storage))
            study.Result().Trials.Count.ShouldBe(9);
        Should.Throw<ThalwegException>(() => Study.OpenOrCreate(storage, wider with { Seed = 8 }, extends: true)).Message.ShouldContain("seed: 7 -> 8");
        Should.Throw<ThalwegException>(() => Study.OpenOrCreate(storage, wider with { Data = "other" }, extends: true)).Message.ShouldContain("contents");
    }

    [Fact]
    public void A_dead_process_leaves_its_trial_to_another_and_its_late_result_does_not_count()
    {
        MemoryStorage storage = new();
        StudyDefinition definition = VirtualStudy.Definition(3, "random", "none", "lag(1)");
        using Study study = Study.OpenOrCreate(storage, definition);
        (string first, string second) = (study.Join(), study.Join());
        StudyJob job = study.Ask(first)!;
        study.Ask(second).ShouldBeNull();
        study.Holds(job).ShouldBeTrue();
        study.Leave(first);
        StudyJob again = study.Ask(second)!;
        (again.Index, again.Point).ShouldBe((job.Index, job.Point));
        study.Holds(job).ShouldBeFalse();
        study.Tell(job, VirtualStudy.Report(job)).ShouldBeFalse();
        study.Tell(again, VirtualStudy.Report(again)).ShouldBeTrue();
        study.Tell(again, VirtualStudy.Report(again)).ShouldBeFalse();

        // A process that has ended, by the word of its machine.
        using Process ended = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        ended.WaitForExit();
        storage.Update(0, _ => [$"{{\"worker\":{{\"id\":\"dead\",\"owner\":{{\"process\":{ended.Id},\"started\":\"x\",\"host\":\"{Environment.MachineName}\"}}}}}}",
            "{\"job\":{\"index\":1,\"kind\":\"Search\",\"trial\":1,\"seen\":1,\"worker\":\"dead\",\"point\":\"x=0.5, rate=0.1, kind=a\"}}"]);
        study.Ask(second)!.Trial.ShouldBe(1);
    }

    [Fact]
    public void A_worker_of_another_machine_keeps_its_trial_until_it_has_been_silent()
    {
        MemoryStorage storage = new();
        using Study study = Study.OpenOrCreate(storage, VirtualStudy.Definition(3, "random", "none", "lag(1)"));
        string worker = study.Join();
        storage.Update(0, _ => ["{\"worker\":{\"id\":\"far\",\"owner\":{\"process\":1,\"started\":\"x\",\"host\":\"elsewhere\"}}}",
            "{\"job\":{\"index\":0,\"kind\":\"Search\",\"trial\":0,\"seen\":0,\"worker\":\"far\",\"point\":\"x=0.5, rate=0.1, kind=a\"}}"]);
        storage.Silence = TimeSpan.FromSeconds(59);
        study.Ask(worker).ShouldBeNull();
        storage.Silence = TimeSpan.FromSeconds(61);
        study.Ask(worker)!.Trial.ShouldBe(0);
    }

    /// <summary>Gives what another storage holds, and takes nothing back to it.</summary>
    private sealed class CopiedStorage : StudyStorage
    {
        private readonly MemoryStorage _own = new();

        public CopiedStorage(MemoryStorage storage) => _own.Update(0, _ => storage.Lines);

        public override string Description => "copy";

        public override StudyLines Read(long position) => _own.Read(position);

        public override StudyLines Update(long position, Func<IReadOnlyList<string>, IReadOnlyList<string>> append) => _own.Update(position, append);

        public override void Beat(string worker) => _own.Beat(worker);

        public override TimeSpan? SilenceOf(string worker) => _own.SilenceOf(worker);
    }
}
