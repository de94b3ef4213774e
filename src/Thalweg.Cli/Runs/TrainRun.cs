using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Regularizers;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>One run of training: opens the data, trains, saves what is good, and reads the test data where that was asked for.</summary>
/// <param name="start">What it starts from.</param>
/// <param name="printer">Tells how it goes.</param>
internal sealed class TrainRun(RunStart start, ITrainPrinter printer)
{
    private const string OpenTestReason = "train --open-test";

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
        _ = Settings.ParseAll<Regularizer>(_settings.Regularize ?? "");
        if (_settings.BatchSchedule is { } batches)
            _ = Settings.Parse<Schedule>(batches);
        RunData data = RunData.Open(_settings);
        if (start.OpensTest && data.Split.Test is null)
            throw new ThalwegException("--open-test: there are no test data; give some with --test, or leave --open-test out");
        Trainer trainer = MakeTrainer(data.Split);
        TrainPlan plan = PlanOf(data, trainer);
        RunWarnings.RefuseIfStrict(_settings, plan.Warnings);
        _directory.CheckWritable();
        printer.Begin(plan);
        using Interrupt interrupt = new();
        TrainingReport report = Fit(trainer, interrupt.Token);
        return Finish(trainer, data, report, interrupt);
    }

    private TrainPlan PlanOf(RunData data, Trainer trainer)
    {
        DataDescription description = data.Source.Describe();
        return new TrainPlan
        {
            Settings = _settings,
            Data = description,
            Split = data.Split,
            Network = (Sequential)trainer.Module,
            Optimizer = trainer.Options.Minimizer?.ToString() ?? trainer.Options.Optimizer.ToString(),
            OptimizerName = OptimizerBuilder.Describe(_settings, trainer.Options, trainer.TotalSteps),
            Loss = trainer.Loss,
            Start = _start,
            Warnings = RunWarnings.AtStart(_settings, description, trainer),
            Directory = _directory,
            StepsPerEpoch = trainer.StepsPerEpoch,
            TotalSteps = trainer.TotalSteps,
            Batch = trainer.Options.BatchSchedule?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{trainer.BatchSize}"),
            Mode = trainer.Mode,
            FirstEpoch = trainer.Position.Epoch,
            FirstStep = trainer.Step,
        };
    }

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
            _epochs.AddRange(record.Epochs.Where(epoch => epoch.Epoch < trainer.CompletedEpochs));
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

    private int Finish(Trainer trainer, RunData data, TrainingReport report, Interrupt interrupt)
    {
        bool isFinished = report.Reason is EndReason.Completed or EndReason.EarlyStopping or EndReason.Converged;
        RunRecord record = MakeRecord(StatusOf(report.Reason), report.Seconds);
        int keptEpoch = report.KeptEpoch;
        if (report.Reason == EndReason.Cancelled)
        {
            _directory.SaveState(trainer, record);
            keptEpoch = report.BestEpoch;
            if (keptEpoch >= 0)
                trainer.RestoreBest();
        }

        // Of earlier sessions too, of which the report of this one does not know.
        EpochReport? kept = _epochs.LastOrDefault(epoch => epoch.Epoch == keptEpoch);
        TrainedModel model = new(trainer.Module, data.Split.Preprocessing, MakeProvenance(data.Split))
        {
            Loss = trainer.Loss,
            Origin = data.Origin,
        };
        (Evaluation Figures, double Trivial)? test = isFinished && start.OpensTest ? ReadTest(model, data.Split) : null;
        AddMetrics(model.Provenance, kept?.Validation, test?.Figures);
        _directory.SaveModel(model, record with { Test = test?.Figures }, isFinished || report.Reason == EndReason.NonFinite);
        double trivial = Baseline.Of(data.Split.Training.Data, data.Split.Validation.Data);
        Evaluation? linear = isFinished ? Linear(data.Split) : null;
        TrainOutcome outcome = new()
        {
            Reason = report.Reason,
            Epochs = _epochs,
            Best = _epochs.LastOrDefault(epoch => epoch.IsBest),
            Kept = kept,
            Steps = report.Steps,
            Seconds = record.Seconds,
            Trivial = trivial,
            Linear = linear,
            TrivialOnTest = test?.Trivial,
            Warnings = isFinished ? RunWarnings.AtEnd(kept?.Validation, trivial, linear) : [],
            Test = test?.Figures,
            TestReads = TestReadLog.Load(_directory.Location).Count,
            Failure = report.Failure,
            Note = report.Note,
        };
        printer.End(outcome);
        return CodeOf(outcome, interrupt);
    }

    /// <summary>The figures of a linear model on the validation data, where it costs little and the network is another.</summary>
    private Evaluation? Linear(DataSplit split) =>
        NetworkSpec.Parse(_settings.Model).HasHiddenLayers && LinearReference.IsCheap(split.Training)
            ? LinearReference.Fit(split.Training, split.Validation, split.Preprocessing.Target.Deviation)
            : null;

    /// <summary>The figures on the test data, and what the trivial answer scores there; counted before the data are read.</summary>
    private (Evaluation Figures, double Trivial) ReadTest(TrainedModel model, DataSplit split)
    {
        _ = TestReadLog.Add(_directory.Location, OpenTestReason);
        Dataset test = split.Test!.Read(OpenTestReason);
        return (model.Evaluate(test), Baseline.Of(split.Training.Data, test));
    }

    private int CodeOf(TrainOutcome outcome, Interrupt interrupt) => outcome.Reason switch
    {
        EndReason.Cancelled => interrupt.ExitCode,
        EndReason.NonFinite => ExitCode.NonFinite,
        _ => _settings.Strict && outcome.Warnings.Count > 0 ? ExitCode.BadInput : ExitCode.Success,
    };

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
        OpensTest = start.OpensTest,
        DataDigest = _digest,
        Epochs = [.. _epochs],
        Seconds = (start.Record?.Seconds ?? 0) + seconds,
    };

    private Provenance MakeProvenance(DataSplit split) => new()
    {
        CommandLine = TrainOptions.CommandLine(_settings),
        Seed = _settings.Seed,
        Data = $"{_settings.Data}: {split.Training.Data.Count} training, "
            + $"{split.Validation.Data.Count} validation, {split.Test?.Count ?? 0} test samples",
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
