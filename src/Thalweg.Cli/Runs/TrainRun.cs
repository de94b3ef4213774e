using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Cli.Commands;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>One run of training: opens the data, trains, saves what is good, measures once on the test data.</summary>
/// <param name="start">What it starts from.</param>
/// <param name="printer">Tells how it goes.</param>
internal sealed class TrainRun(RunStart start, ITrainPrinter printer)
{
    private static readonly TimeSpan s_checkpointEvery = TimeSpan.FromSeconds(30);

    private readonly RunDirectory _directory = start.Directory;
    private readonly List<EpochReport> _epochs = [];
    private TrainSettings _settings = start.Settings;
    private string _digest = "";
    private IReadOnlyList<string> _start = [];
    private long _lastCheckpoint = Stopwatch.GetTimestamp();

    /// <summary>Trains.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        // Before the data is read, which may take long: a name that is not known.
        _ = NetworkBuilder.Describe(_settings);
        _ = RuleText.ParseRegularizers(_settings.Regularize ?? "");
        if (_settings.BatchSchedule is { } batches)
            _ = RuleText.ParseSchedule(batches);
        DataSource source = DataSource.Open(_settings.Data, ReadDataOptions(_settings));
        DataSplit split = source.Split(new SplitOptions { Seed = _settings.Seed });
        Trainer trainer = MakeTrainer(split);
        _directory.CheckWritable();
        printer.Begin(new TrainPlan
        {
            Settings = _settings,
            Data = source.Describe(),
            Split = split,
            Network = (Sequential)trainer.Module,
            Optimizer = trainer.Options.Minimizer?.ToString() ?? trainer.Options.Optimizer.ToString(),
            Start = _start,
            Directory = _directory,
            StepsPerEpoch = trainer.StepsPerEpoch,
            TotalSteps = trainer.TotalSteps,
            Batch = trainer.Options.BatchSchedule?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{trainer.BatchSize}"),
            Mode = trainer.Mode,
            FirstEpoch = trainer.Position.Epoch,
            FirstStep = trainer.Step,
        });
        using Interrupt interrupt = new();
        TrainingReport report = Fit(trainer, interrupt.Token);
        return Finish(trainer, split, report, interrupt);
    }

    /// <summary>How the data is to be read.</summary>
    public static DataOptions ReadDataOptions(TrainSettings settings) => new()
    {
        Target = settings.Target,
        ColumnNames = LayoutOptions.Split(settings.Columns),
        HasHeader = settings.HasHeader,
        Layout = LayoutOptions.LayoutOf(settings.Layout),
        Task = settings.Task switch
        {
            "classification" => TaskKind.Classification,
            "regression" => TaskKind.Regression,
            _ => null,
        },
        TestPath = settings.Test,
        IgnoredColumns = LayoutOptions.Split(settings.Ignored) ?? [],
        CategoricalColumns = LayoutOptions.Split(settings.Categorical) ?? [],
        SampleCount = settings.Samples,
    };

    private Trainer MakeTrainer(DataSplit split)
    {
        _settings = _settings.For(split.Training.Data);
        _digest = Digest(split);
        TrainerOptions options = OptimizerBuilder.Options(_settings, split.Training.Data.Count);
        Sequential network = NetworkBuilder.Build(_settings, split.Preprocessing);
        _start = start.Record is null ? NetworkStart.Apply(_settings, network, split.Training) : [];
        Trainer trainer = new(network, split.Training, split.Validation, options, split.Preprocessing.Target.Deviation);
        if (start.Record is { } record)
        {
            if (record.DataDigest != _digest)
                throw new ThalwegException(
                    $"--resume: {_settings.Data} is not what it was when the run in {_directory.Location} began; "
                    + "bring the old data back, or start a new run");
            TrainingState.Restore(trainer, _directory.StatePath);
            _epochs.AddRange(record.Epochs.Where(epoch => epoch.Epoch < trainer.Position.Epoch));
        }

        return trainer;
    }

    private TrainingReport Fit(Trainer trainer, CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        trainer.StepEnded += printer.Step;
        trainer.EpochEnded += epoch =>
        {
            _epochs.Add(epoch);
            printer.Epoch(epoch);
            if (Stopwatch.GetElapsedTime(_lastCheckpoint) >= s_checkpointEvery)
            {
                _directory.SaveState(trainer, MakeRecord("running", Stopwatch.GetElapsedTime(begun).TotalSeconds));
                _lastCheckpoint = Stopwatch.GetTimestamp();
            }
        };
        TrainingReport? report = null;
        printer.Around(() => report = trainer.Fit(cancellation));
        return report!;
    }

    private int Finish(Trainer trainer, DataSplit split, TrainingReport report, Interrupt interrupt)
    {
        bool isFinished = report.Reason is EndReason.Completed or EndReason.EarlyStopping or EndReason.Converged;
        RunRecord record = MakeRecord(StatusOf(report.Reason), report.Seconds);
        if (report.Reason == EndReason.Cancelled)
        {
            _directory.SaveState(trainer, record);
            if (report.BestEpoch >= 0)
                trainer.RestoreBest();
        }

        EpochReport? best = _epochs.LastOrDefault(epoch => epoch.IsBest);
        TrainedModel model = new(trainer.Module, split.Preprocessing, MakeProvenance(split));
        Evaluation? test = isFinished && split.Test is { } testSet ? model.Evaluate(testSet.Read("closing figure")) : null;
        AddMetrics(model.Provenance, best?.Validation, test);
        _directory.SaveModel(model, record with { Test = test }, isFinished || report.Reason == EndReason.NonFinite);
        printer.End(new TrainOutcome
        {
            Reason = report.Reason,
            Epochs = _epochs,
            Best = best,
            Steps = report.Steps,
            Seconds = record.Seconds,
            Test = test,
            TestReads = split.Test?.Reads.Count ?? 0,
            Failure = report.Failure,
            Note = report.Note,
        });
        return report.Reason switch
        {
            EndReason.Cancelled => interrupt.ExitCode,
            EndReason.NonFinite => ExitCode.NonFinite,
            _ => ExitCode.Success,
        };
    }

    private static string StatusOf(EndReason reason) => reason switch
    {
        EndReason.Cancelled => "interrupted",
        EndReason.NonFinite => "diverged",
        _ => "finished",
    };

    private RunRecord MakeRecord(string status, double seconds) => new()
    {
        Status = status,
        Settings = _settings,
        DataDigest = _digest,
        Epochs = [.. _epochs],
        Seconds = (start.Record?.Seconds ?? 0) + seconds,
    };

    private Provenance MakeProvenance(DataSplit split) => new()
    {
        ThalwegVersion = VersionCommand.Version,
        CommandLine = TrainOptions.CommandLine(_settings),
        Seed = _settings.Seed,
        Data = $"{_settings.Data}: {split.Training.Data.Count} training, "
            + $"{split.Validation.Data.Count} validation, {split.Test?.Count ?? 0} test samples",
        Libraries = { [".NET"] = Environment.Version.ToString() },
    };

    private static void AddMetrics(Provenance provenance, Evaluation? validation, Evaluation? test)
    {
        if (validation is not null)
            provenance.Metrics[$"validation {validation.MetricName}"] = validation.Metric;
        if (test is not null)
            provenance.Metrics[$"test {test.MetricName}"] = test.Metric;
    }

    private static string Digest(DataSplit split)
    {
        string text = $"{split.Training.Data.Count} {split.Validation.Data.Count} {split.Preprocessing.ToJson()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
