using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>What .NET's own tools can see of runs: metrics, activities and log messages.</summary>
/// <remarks>
/// The meter <see cref="Name"/> has the counters <c>thalweg.run.steps</c>, <c>thalweg.run.epochs</c>, <c>thalweg.run.recoveries</c> (tagged
/// with the <c>action</c>) and <c>thalweg.run.faults</c>, the gauges
/// <c>thalweg.run.training_loss</c>, <c>thalweg.run.validation_loss</c> and <c>thalweg.run.learning_rate</c>, and the histogram
/// <c>thalweg.epoch.duration</c> in seconds, each tagged with the folder of the run as <c>run</c>. The activity source of the same name has
/// <c>run</c>, <c>epoch</c>, <c>checkpoint</c> and <c>test_read</c>. Steps, losses and rates are measured at the end of an epoch: a step costs nothing.
/// Messages go to <see cref="RunOptions.Logger"/>.
/// </remarks>
public sealed class RunTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Thalweg.Runs";

    private static readonly ActivitySource s_source = new(Name);
    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_steps = s_meter.CreateCounter<long>("thalweg.run.steps", "{step}", "Steps taken.");
    private static readonly Counter<long> s_epochs = s_meter.CreateCounter<long>("thalweg.run.epochs", "{epoch}", "Epochs that ended.");

    private static readonly Counter<long> s_recoveries =
        s_meter.CreateCounter<long>("thalweg.run.recoveries", "{recovery}", "Steps that failed and were skipped or rolled back.");

    private static readonly Counter<long> s_faults = s_meter.CreateCounter<long>(
        "thalweg.run.faults", "{fault}", "Failures outside the training that the run survived, as a full disk.");

    private static readonly Gauge<double> s_trainingLoss =
        s_meter.CreateGauge<double>("thalweg.run.training_loss", null, "Training loss of the last epoch.");

    private static readonly Gauge<double> s_validationLoss =
        s_meter.CreateGauge<double>("thalweg.run.validation_loss", null, "Loss on the validation data after the last epoch that was evaluated.");

    private static readonly Gauge<double> s_rate =
        s_meter.CreateGauge<double>("thalweg.run.learning_rate", null, "Learning rate at the end of the last epoch.");

    private static readonly Histogram<double> s_duration =
        s_meter.CreateHistogram<double>("thalweg.epoch.duration", "s", "Time of training of an epoch.");

    private readonly Trainer _trainer;
    private readonly ILogger? _logger;
    private readonly string _run;
    private Activity? _activity;
    private long _steps;

    internal RunTelemetry(RunPlan plan, ILogger? logger) =>
        (_trainer, _logger, _run, _steps) = (plan.Prepared.Trainer, logger, plan.Folder.Location, plan.Prepared.Trainer.Step);

    /// <summary>Tells what happened.</summary>
    internal void Report(RunEvent item)
    {
        switch (item)
        {
            case RunEvent.Started started:
                Start(started);
                break;
            case RunEvent.Warning warning:
                _logger?.Warned(_run, warning.Message);
                break;
            case RunEvent.Recovered recovered:
                s_recoveries.Add(1, new("run", _run), new("action", recovered.Action == NonFiniteAction.Skip ? "skip" : "rollback"));
                _logger?.RecoveredFrom(_run, recovered.Step, recovered.Message);
                break;
            case RunEvent.Fault fault:
                s_faults.Add(1, new KeyValuePair<string, object?>("run", _run));
                _logger?.Survived(_run, fault.Message);
                break;
            case RunEvent.EpochEnded { Report: var epoch }:
                End(epoch);
                break;
            case RunEvent.Checkpoint checkpoint:
                using (s_source.StartActivity("checkpoint"))
                    _logger?.Saved(_run, checkpoint.Step);
                break;
            case RunEvent.TestRead read:
                using (s_source.StartActivity("test_read"))
                    _logger?.ReadTest(_run, read.Figures.MetricName, read.Figures.Metric);
                break;
            case RunEvent.Ended ended:
                End(ended);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends the activity of the run.</summary>
    public void Dispose() => _activity?.Dispose();

    private void Start(RunEvent.Started started)
    {
        _activity = s_source.StartActivity("run");
        _activity?.SetTag("run", _run).SetTag("optimizer", started.Optimizer).SetTag("epochs", started.Epochs)
            .SetTag("first_step", started.Step);
        _logger?.Started(_run, started.Epochs, started.Optimizer, started.Step);
    }

    private void End(EpochReport epoch)
    {
        KeyValuePair<string, object?> tag = new("run", _run);
        CountSteps(tag);
        s_epochs.Add(1, tag);
        s_duration.Record(epoch.Seconds, tag);
        s_trainingLoss.Record(epoch.Training.Loss, tag);
        s_rate.Record(epoch.LearningRate, tag);
        if (epoch.IsEvaluated)
            s_validationLoss.Record(epoch.Validation.Loss, tag);
        if (s_source.HasListeners())
        {
            DateTimeOffset start = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(epoch.Seconds);
            using Activity? activity = s_source.StartActivity(
                "epoch", ActivityKind.Internal, _activity?.Context ?? default, startTime: start);
            activity?.SetTag("epoch", epoch.Epoch).SetTag("training_loss", epoch.Training.Loss).SetTag("validation_loss", epoch.Validation.Loss);
        }

        _logger?.EndedEpoch(_run, epoch.Epoch + 1, epoch.Training.Loss, epoch.Validation.Loss, epoch.Seconds);
    }

    private void End(RunEvent.Ended ended)
    {
        CountSteps(new KeyValuePair<string, object?>("run", _run));
        _activity?.SetTag("status", ended.Status).SetTag("steps", ended.Steps);
        if (ended.Failure is { } failure)
        {
            _activity?.SetStatus(ActivityStatusCode.Error, failure);
            _logger?.Failed(_run, failure);
        }

        _activity?.Dispose();
        _logger?.Ended(_run, ended.Status, ended.Steps, ended.Seconds);
    }

    private void CountSteps(KeyValuePair<string, object?> tag)
    {
        s_steps.Add(_trainer.Step - _steps, tag);
        _steps = _trainer.Step;
    }
}
