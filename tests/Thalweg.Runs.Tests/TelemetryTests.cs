using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Thalweg.Runs.Tests;

/// <summary>What .NET's own tools see of a run.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-telemetry-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Metrics_activities_and_messages_tell_of_the_run()
    {
        string run = Path.Combine(_folder, "run");
        List<(string Name, ActivityTraceId Trace, object? Run)> seen = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == RunTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (seen)
                    seen.Add((activity.OperationName, activity.TraceId, activity.GetTagItem("run")));
            },
        };
        ActivitySource.AddActivityListener(listener);
        Dictionary<string, double> metrics = [];
        using MeterListener meters = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == RunTelemetry.Name)
                    own.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.Start();
        ListLogger logger = new();
        RunOptions options = new() { Folder = run, Logger = logger };
        Run started = Run.Create(Recipe.Parse("data: { source: moons, samples: 100 }\nnetwork: mlp:4\ntraining: { epochs: 2 }"), options);
        started.Execute();

        ActivityTraceId trace = seen.Single(activity => Equals(activity.Run, run)).Trace;
        string[] activities = [.. seen.Where(activity => activity.Trace == trace).Select(activity => activity.Name)];
        activities.Count(name => name == "epoch").ShouldBe(2);
        activities[^1].ShouldBe("run");
        metrics["thalweg.run.epochs"].ShouldBe(2);
        metrics["thalweg.run.steps"].ShouldBe(started.Plan.TotalSteps);
        metrics.ShouldContainKey("thalweg.epoch.duration");
        metrics.ShouldContainKey("thalweg.run.validation_loss");
        logger.Messages.Count(message => message.Contains("epoch", StringComparison.Ordinal) && message.StartsWith("Information", StringComparison.Ordinal))
            .ShouldBeGreaterThanOrEqualTo(2);
        logger.Messages[^1].ShouldContain("is over (finished)");

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "run" && Equals(tag.Value, run))
                    metrics[instrument.Name] = instrument is Counter<long> ? metrics.GetValueOrDefault(instrument.Name) + value : value;
            }
        }
    }
}
