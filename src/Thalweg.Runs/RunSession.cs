using System.Diagnostics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>A run under way: its epochs, its checkpoints, its events.</summary>
internal sealed class RunSession(RunPlan plan, RunOptions options, RunRecord? before) : IDisposable
{
    private readonly Trainer _trainer = plan.Prepared.Trainer;
    private readonly List<EpochReport> _epochs =
        [.. before?.Epochs.Where(epoch => epoch.Epoch < plan.Prepared.Trainer.CompletedEpochs) ?? []];

    private readonly List<RunEvent> _waiting = [];
    private readonly string _digest = plan.Prepared.Data.Digest();
    private readonly RunTelemetry _telemetry = new(plan, options.Logger);
    private IProgress<RunEvent>? _progress;
    private EventLog? _log;
    private readonly DateTimeOffset _started = before?.Started ?? DateTimeOffset.UtcNow;
    private long _lastCheckpoint;

    /// <summary>The epochs so far, those before a resumption included.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>Trains.</summary>
    public TrainingReport Fit(IProgress<RunEvent>? progress, CancellationToken cancellation)
    {
        _progress = progress;
        long begun = _lastCheckpoint = Stopwatch.GetTimestamp();
        Report(new RunEvent.Started(plan.FirstEpoch, plan.FirstStep, plan.Recipe.Training.Epochs!.Value, plan.StepsPerEpoch, plan.Optimizer,
            plan.NotReplayable));
        foreach (string warning in plan.Warnings)
            Report(new RunEvent.Warning(warning));
        if (options.StepEnded is { } stepEnded)
            _trainer.StepEnded += stepEnded;
        _trainer.EpochEnded += epoch =>
        {
            _epochs.Add(epoch);
            OpenLog();
            Report(new RunEvent.EpochEnded(epoch));
            if (Stopwatch.GetElapsedTime(_lastCheckpoint) >= options.CheckpointEvery)
                SaveState(RecordOf("running", Stopwatch.GetElapsedTime(begun).TotalSeconds));
        };
        TrainingReport report = _trainer.Fit(cancellation);
        OpenLog();
        return report;
    }

    /// <summary>Saves where the run stands.</summary>
    public void SaveState(RunRecord record)
    {
        plan.Folder.SaveState(_trainer, record);
        _lastCheckpoint = Stopwatch.GetTimestamp();
        Report(new RunEvent.Checkpoint(_trainer.CompletedEpochs, _trainer.Step));
    }

    /// <summary>The record of the run as it stands.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="seconds">Time of this stretch of the run in seconds.</param>
    public RunRecord RecordOf(string status, double seconds) => new()
    {
        Status = status,
        Name = SecretText.Mask(options.Name) ?? before?.Name,
        Tags = options.Tags.Count > 0 ? options.Tags : before?.Tags,
        Note = SecretText.Mask(options.Note) ?? before?.Note,
        Settings = plan.Prepared.Resolved.Recorded,
        OpensTest = options.OpensTest,
        NotReplayable = plan.NotReplayable,
        DataDigest = _digest,
        Epochs = [.. _epochs],
        Seconds = (before?.Seconds ?? 0) + seconds,
        Defaults = before is null ? plan.Defaults : before.Defaults,
        Started = _started,
        Environment = RunEnvironment.Current(plan.Recipe.Threads),
    };

    /// <summary>Records an event and passes it on.</summary>
    public void Report(RunEvent item)
    {
        if (_log is null)
            _waiting.Add(item);
        else
            _log.Write(item);
        _telemetry.Report(item);
        _progress?.Report(item);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _telemetry.Dispose();
        _log?.Dispose();
    }

    /// <summary>Makes the folder with recipe and events, when there is something to keep: a run that fails at once leaves
    /// nothing.</summary>
    private void OpenLog()
    {
        if (_log is not null)
            return;
        if (before is null)
        {
            plan.Folder.SaveRecipe(plan.Recipe);
            File.Delete(plan.Folder.EventsPath);
        }

        RunFolder.Create(plan.Folder.Location);
        _log = EventLog.Open(plan.Folder.Location);
        foreach (RunEvent item in _waiting)
            _log.Write(item);
        _waiting.Clear();
    }
}
