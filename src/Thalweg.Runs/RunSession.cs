using System.Diagnostics;
using Thalweg.Checkpoints;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>A run under way: its folder, its epochs, its checkpoints, its events.</summary>
internal sealed class RunSession : IDisposable
{
    /// <summary>Names of the texts that a checkpoint of a run holds.</summary>
    public const string RecordNote = "record", RecipeNote = "recipe", EventsNote = "events", ObserverNote = "observer.";

    private readonly RunPlan _plan;
    private readonly RunOptions _options;
    private readonly SavedRun? _before;
    private readonly Trainer _trainer;
    private readonly List<EpochReport> _epochs;
    private readonly CheckpointSchedule _schedule;
    private readonly CheckpointWriter _writer;
    private readonly EventQueue _events;
    private readonly string _digest;
    private readonly RunTelemetry _telemetry;
    private IProgress<RunEvent>? _progress;
    private RunLock? _lock;
    private readonly DateTimeOffset _started;
    private long _begun;
    private bool _hasFailed, _isEntered;

    public RunSession(RunPlan plan, RunOptions options, SavedRun? before)
    {
        (_plan, _options, _before, _trainer) = (plan, options, before, plan.Prepared.Trainer);
        _epochs = [.. before?.Record.Epochs.Where(epoch => epoch.Epoch < _trainer.CompletedEpochs) ?? []];
        _digest = plan.Prepared.Data.Digest();
        _events = new EventQueue(plan.Folder.EventsPath);
        _telemetry = new RunTelemetry(plan, options.Logger);
        _started = before?.Record.Started ?? DateTimeOffset.UtcNow;
        RunRecipe run = plan.Recipe.Run;
        _schedule = new CheckpointSchedule(CheckpointInterval.Parse(run.CheckpointEvery ?? RunRecipe.DefaultCheckpointEvery));
        _writer = new CheckpointWriter(plan.Folder.Checkpoints, Math.Max(1, run.KeepCheckpoints ?? RunRecipe.DefaultKeptCheckpoints));
    }

    /// <summary>The epochs so far, those before a resumption included.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>Trains.</summary>
    public TrainingReport Fit(IProgress<RunEvent>? progress, CancellationToken cancellation)
    {
        _progress = progress;
        _begun = Stopwatch.GetTimestamp();
        OpenFolder();
        Subscribe();
        try
        {
            if (_before?.State is not { } state)
                BeginCheckpoint();
            else
                GiveBack(state);
            return _trainer.Fit(cancellation);
        }
        catch (Exception error)
        {
            if (Fail(error) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>The record of the run as it stands.</summary>
    /// <param name="status">Its status.</param>
    public RunRecord RecordOf(string status) => new()
    {
        Status = status,
        Name = SecretText.Mask(_options.Name) ?? _before?.Record.Name,
        Tags = _options.Tags.Count > 0 ? _options.Tags : _before?.Record.Tags,
        Note = SecretText.Mask(_options.Note) ?? _before?.Record.Note,
        Settings = _plan.Prepared.Resolved.Recorded,
        OpensTest = _options.OpensTest,
        NotReplayable = _plan.NotReplayable,
        DataDigest = _digest,
        Resumptions = Resumptions(),
        Epochs = [.. _epochs],
        Seconds = (_before?.Record.Seconds ?? 0) + Stopwatch.GetElapsedTime(_begun).TotalSeconds,
        Defaults = _before is null ? _plan.Defaults : _before.Record.Defaults,
        Started = _started,
        Environment = RunEnvironment.Current(_plan.Recipe.Threads),
    };

    /// <summary>The record of the run at its end, with the fingerprint of the data.</summary>
    public RunRecord FinalRecordOf(string status)
    {
        DataFingerprint? fingerprint = Fingerprint();
        if (fingerprint is null)
        {
            Report(new RunEvent.Fault("a file of the data was changed or removed while it was being read: a resumed run cannot tell whether "
                + "it is the same"));
        }

        return RecordOf(status) with { Fingerprint = fingerprint };
    }

    /// <summary>Records an event and passes it on.</summary>
    public void Report(RunEvent item)
    {
        _events.Write(item);
        _telemetry.Report(item);
        _progress?.Report(item);
    }

    /// <summary>Writes what is still waiting, as after a full disk; the last chance.</summary>
    /// <exception cref="ThalwegException">It cannot be written.</exception>
    public void WriteRest() => _events.WriteRest();

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Wait();
        _telemetry.Dispose();
        _events.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Enters the run into the index as it stands.</summary>
    /// <param name="record">Its record.</param>
    /// <returns>What went wrong, in one sentence, or null: an index cannot fail a run.</returns>
    public string? Enter(RunRecord record)
    {
        _isEntered = true;
        return RunIndexing.Try(() => _options.Index?.Save(RunSummary.Of(_plan.Folder, record, _plan.Recipe)));
    }

    /// <summary>Makes the folder, with lock, recipe, record and events.</summary>
    private void OpenFolder()
    {
        RunFolder folder = _plan.Folder;
        RunFolder.Create(folder.Location);
        _lock = RunLock.Take(folder.Location);
        if (_before is null)
            folder.Clear();
        else if (_before.IsOutdated())
            throw new ThalwegException($"Run.Resume: another process has continued the run in {folder.Location} meanwhile; resume it again");
        folder.Checkpoints.Open();
        if (_before is not null)
            folder.Checkpoints.PutAsideAfter(_before.Step);
        if (_before is null || _plan.Changes.Count > 0 || !File.Exists(folder.RecipePath))
            folder.SaveRecipe(_plan.Recipe);
        RecordOf("running").Save(folder.Location);
        _events.Open(EventLog.Open(folder.Location, _before?.EventsPosition ?? long.MaxValue));
        Report(new RunEvent.Started(_plan.FirstEpoch, _plan.FirstStep, _plan.Recipe.Training.Epochs!.Value, _plan.StepsPerEpoch, _plan.Optimizer,
            _plan.NotReplayable));
        foreach (string warning in _plan.Warnings)
        {
            // Of a run that resumes they are in the log already.
            if (_before?.State is null)
                Report(new RunEvent.Warning(warning));
            else
                _progress?.Report(new RunEvent.Warning(warning));
        }

        foreach (string note in _plan.ResumeNotes)
            Report(new RunEvent.Fault(note));
    }

    private void Subscribe()
    {
        if (_options.StepEnded is { } stepEnded)
            _trainer.StepEnded += stepEnded;
        _trainer.StepRecovered += report =>
            Report(new RunEvent.Recovered(report.Epoch, report.Step, report.Action, report.Loss, report.Message));
        _trainer.EpochEnded += epoch =>
        {
            _epochs.Add(epoch);
            Report(new RunEvent.EpochEnded(epoch));
            _schedule.EpochEnded(epoch.Epoch);
            CheckpointIfDue();
        };
        _trainer.StepEnded += step =>
        {
            _schedule.StepEnded(step.Step);
            CheckpointIfDue();
        };
        _trainer.Ending += reason =>
        {
            // The state of a step that failed leads to the same failure: the checkpoints before it stay. The one that is being written
            // saves the record of a run under way, and must not do so after the last one.
            if (reason != EndReason.NonFinite)
                CheckpointNow();
            else if (_writer.Wait() is { } earlier)
                Report(earlier);
        };
    }

    /// <summary>Begins a checkpoint where one is due and none is on its way.</summary>
    private void CheckpointIfDue()
    {
        if ((_options.WaitsForCheckpoints ? _writer.Wait() : _writer.Poll()) is { } outcome)
            Report(outcome);
        if (!_schedule.IsDue || _writer.IsBusy)
            return;

        BeginCheckpoint();
        if (_options.WaitsForCheckpoints)
            Report(_writer.Wait()!);
    }

    /// <summary>Saves where the run stands, and waits for it; false where that failed.</summary>
    private bool CheckpointNow()
    {
        if (_writer.Wait() is { } earlier)
            Report(earlier);
        BeginCheckpoint();
        CheckpointOutcome outcome = _writer.Wait()!;
        Report(outcome);
        return outcome.Failure is null;
    }

    /// <summary>Gives observers the memory that the checkpoint holds.</summary>
    private void GiveBack(TrainingFile state)
    {
        foreach (IResumableObserver observer in _options.Observers.OfType<IResumableObserver>())
        {
            if (state.FindNote(ObserverNote + observer.MemoryName) is { } memory)
                observer.LoadMemory(memory);
        }
    }

    private void BeginCheckpoint()
    {
        _schedule.Begin();
        (string Note, string Memory)[] memories = [.. _options.Observers.OfType<IResumableObserver>()
            .Select(observer => (ObserverNote + observer.MemoryName, observer.SaveMemory()))];
        RunRecord record = RecordOf("running");
        (EventLog log, long position) = (_events.Log!, _events.Log!.Position);
        _writer.Begin(_trainer, () =>
        {
            RunRecord full = record with { Fingerprint = Fingerprint() };
            log.Flush();
            full.Save(_plan.Folder.Location);

            // Once, so that a run that is killed is found; what becomes of it is entered at its end.
            if (!_isEntered)
                _ = Enter(full);
            Dictionary<string, string> notes = new()
            {
                [RecordNote] = full.ToJson(),
                [RecipeNote] = _plan.Recipe.ToYaml(),
                [EventsNote] = position.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
            foreach ((string note, string memory) in memories.Where(item => item.Memory.Length > 0))
                notes[note] = memory;
            return notes;
        });
    }

    /// <summary>Reports what became of a checkpoint: of several in a row that failed, the first.</summary>
    private void Report(CheckpointOutcome outcome)
    {
        bool isRepeat = _hasFailed && outcome.Failure is not null;
        _hasFailed = outcome.Failure is not null;
        if (outcome.Failure is null)
        {
            Report(new RunEvent.Checkpoint(outcome.Epoch, outcome.Step));
        }
        else if (!isRepeat)
        {
            Report(new RunEvent.Fault(
                $"the checkpoint of step {outcome.Step} was not saved ({outcome.Failure}); the run continues, and the one before it is kept"));
        }
    }

    /// <summary>Takes down where a run stands that an exception ended; what is to be thrown in its place, or null.</summary>
    private ThalwegException? Fail(Exception error)
    {
        _writer.Wait();
        if (_before is null && _trainer.Step == 0)
        {
            _events.Dispose();
            _lock?.Dispose();
            if (_isEntered)
                _ = RunIndexing.Try(() => _options.Index?.Remove(RunSummary.Of(_plan.Folder, RecordOf("failed"), _plan.Recipe)));
            _plan.Folder.Discard();
            return null;
        }

        bool isSaved = CheckpointNow();
        Report(new RunEvent.Ended(
            "failed", EndReason.Failed, _trainer.Step, Stopwatch.GetElapsedTime(_begun).TotalSeconds, -1, error.Message));
        RunRecord record = RecordOf("failed");
        _ = Enter(record);
        try
        {
            record.Save(_plan.Folder.Location);
        }
        catch (ThalwegException)
        {
            // The first error is the one to report, and a run that is still called running can be resumed as well.
        }

        return error is ThalwegException && isSaved
            ? new ThalwegException($"{error.Message}; the run is saved at step {_trainer.Step} in {_plan.Folder.Location}: continue with Run.Resume", error)
            : null;
    }

    /// <summary>The fingerprint of the data; null where a file was changed or removed before it was taken, which is no reason to end a run
    /// that has its data in memory.</summary>
    private DataFingerprint? Fingerprint()
    {
        try
        {
            return _plan.Prepared.Data.Fingerprint(_before?.Record.Fingerprint).GetAwaiter().GetResult();
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    private IReadOnlyList<RunResumption>? Resumptions() => _before is null ? null :
    [
        .. _before.Record.Resumptions ?? [],
        new RunResumption(
            _before.Time, _plan.FirstStep, Environment.MachineName, Threads.Current,
            _plan.Changes.Count == 0 ? null : [.. _plan.Changes.Select(change => change.ToString())]),
    ];
}
