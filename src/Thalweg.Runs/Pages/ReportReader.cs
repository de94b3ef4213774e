using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Reads the folder of a run, and evaluates its model where that is possible.</summary>
internal static class ReportReader
{
    /// <summary>Collects what there is.</summary>
    public static RunReport Read(RunFolder folder, RunReportOptions options)
    {
        RunRecord record = folder.LoadRecord();
        IReadOnlyList<RunEvent> events = File.Exists(folder.EventsPath) ? EventLog.Read(folder.Location) : [];
        RunReport report = new()
        {
            Folder = folder.Location,
            Record = record,
            Recipe = folder.LoadRecipe(),
            Events = events,
            Part = options.Part,
            Reasons = record.Defaults?.ToDictionary(field => field.Path, field => field.Reason) ?? [],
            Kept = KeptOf(record, events),
        };
        report = Evaluated(WithReads(report, new RunTestLedger(folder.Location, options.Index)), folder, options);
        return report with { Warnings = [.. Warnings(report).Distinct()] };
    }

    private static RunReport WithReads(RunReport report, RunTestLedger ledger)
    {
        IReadOnlyList<TestRead> reads = TestReadLog.Load(ledger.Folder);
        if (reads.LastOrDefault(read => read.Fingerprint is not null) is not { Fingerprint: { } rows } last)
            return report with { TestReads = reads };
        IReadOnlyList<TestRead> same = ledger.ReadsOf(rows);
        return report with
        {
            TestReads = [.. reads.Concat(same).DistinctBy(read => (read.Id, read.Time)).OrderBy(read => read.Time)],
            TestReuse = TestReuse.Of(same, last.Samples),
        };
    }

    private static EpochReport? KeptOf(RunRecord record, IReadOnlyList<RunEvent> events)
    {
        int kept = record.Outcome?.KeptEpoch ?? events.OfType<RunEvent.Ended>().LastOrDefault()?.KeptEpoch
            ?? record.Epochs.LastOrDefault(epoch => epoch.IsBest)?.Epoch ?? -1;
        return record.Epochs.LastOrDefault(epoch => epoch.Epoch == kept);
    }

    private static IEnumerable<string> Warnings(RunReport report)
    {
        int started = report.Events.ToList().FindLastIndex(item => item is RunEvent.Started);
        IEnumerable<string> atStart = report.Events.Skip(started).OfType<RunEvent.Warning>().Select(warning => warning.Message);
        return report.Part == ReportPart.Validation
            ? atStart.Concat(RunWarnings.AtEnd(report.Kept?.Validation, report.Trivial, report.Linear, report.TestReuse))
            : atStart;
    }

    private static RunReport Evaluated(RunReport report, RunFolder folder, RunReportOptions options)
    {
        EvaluationReport? recorded = options.Part == ReportPart.Validation ? report.Record.ValidationReport : null;
        if (!File.Exists(folder.ModelPath))
        {
            string reason = File.Exists(folder.WeightsPath)
                ? "the network was made in code, so that it cannot be loaded" : "the run has saved no model yet";
            return WithNote(report with { Evaluation = recorded }, reason, recorded);
        }

        TrainedModel model = TrainedModel.Load(folder.ModelPath);
        report = report with
        {
            Evaluation = recorded,
            Preprocessing = model.Preprocessing,
            Origin = model.Origin,
            Temperature = model.Temperature,
        };
        try
        {
            return Evaluate(report, model, options);
        }
        catch (ThalwegException error) when (options.Data is null)
        {
            return WithNote(report, $"the model could not be evaluated ({error.Message})", recorded);
        }
    }

    private static RunReport Evaluate(RunReport report, TrainedModel model, RunReportOptions options)
    {
        DataOrigin origin = model.Origin ?? throw new ThalwegException("the data were given in code");
        DataSplit split = origin.Open(model.Preprocessing, options.Data);
        Dataset data = options.Part == ReportPart.Validation ? split.Validation.Data : split.Training.Data;
        report = report with { Reasons = ReasonsOf(report, split) };
        if (data.Count == 0)
            return report with { Notes = ["the run had no validation data: there is nothing to judge its model by"] };
        Evaluation figures = model.Evaluate(
            data, OptionsOf(report.Recipe, split), out EvaluationReport? evaluated, out Predictions? predictions);
        bool hasLinear = options.Part == ReportPart.Validation && report.Recipe.Network.Layers != "linear"
            && LinearReference.IsCheap(split.Training);
        return report with
        {
            Evaluation = evaluated,
            Figures = figures,
            Trivial = Baseline.Of(split.Training.Data, data),
            Linear = hasLinear ? LinearReference.Fit(split.Training, split.Validation, split.Preprocessing.Target.Scale) : null,
            Residuals = evaluated?.Residuals is null ? [] : PointsOf(predictions!),
        };
    }

    private static ReportOptions OptionsOf(Recipe recipe, DataSplit split) => new()
    {
        Metrics =
        [
            .. Settings.ParseAll<Metric>(recipe.Training.Metrics ?? ""),
            .. recipe.Training.EarlyStopping.Monitor is { } monitor ? [Settings.Parse<Metric>(monitor)] : Array.Empty<Metric>(),
        ],
        Training = split.Training.Data,
    };

    /// <summary>Why each default was chosen, as the run decided it from the same rows: for records of versions that did not keep it.</summary>
    private static IReadOnlyDictionary<string, string> ReasonsOf(RunReport report, DataSplit split) =>
        report.Record.Defaults is not null || NetworkRecipe.IsCustom(report.Recipe) ? report.Reasons : report.Record.Settings.Resolve(split.Training).Reasons;

    private static List<ResidualPoint> PointsOf(Predictions predictions)
    {
        MetricBatch all = predictions.Batch;
        int count = Math.Min(all.Count, RunReport.MostPoints);
        List<ResidualPoint> points = new(count);
        for (int i = 0; i < count; i++)
        {
            int sample = (int)((long)i * all.Count / count);
            double predicted = all.PredictedValue(sample);
            points.Add(new ResidualPoint(predicted, all.Value(sample) - predicted));
        }

        return points;
    }

    private static RunReport WithNote(RunReport report, string reason, EvaluationReport? recorded) => report with
    {
        Notes =
        [
            recorded is null
                ? $"{reason}: there are no figures beside those of the epochs"
                : $"{reason}: the figures are those that the run recorded at its end, without single residuals and the linear model",
        ],
    };
}
