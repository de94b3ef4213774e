using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;

namespace Thalweg.Runs;

/// <summary>What a model scored on test data, with the entry in the ledger.</summary>
public sealed record TestJudgment
{
    /// <summary>The figures.</summary>
    public required Evaluation Figures { get; init; }

    /// <summary>The entry.</summary>
    public required TestRead Reading { get; init; }

    /// <summary>How many models have been judged on these rows, this one included.</summary>
    public required TestReuse Reuse { get; init; }

    /// <summary>How often test data have been read for the models of this folder.</summary>
    public required int FolderReads { get; init; }

    /// <summary>The figures with their intervals, at a level at which those of all models that were judged on these rows hold together with
    /// the level that was asked for; null as for <see cref="TrainedModel.Evaluate(Dataset, ReportOptions, out EvaluationReport)"/>.</summary>
    public EvaluationReport? Report { get; init; }

    /// <summary>Why the index does not have the entry; null where it does, or there is none.</summary>
    public string? IndexNote { get; init; }

    /// <summary>The samples, whose reading is written down.</summary>
    internal Dataset Samples { get; private init; } = null!;

    /// <summary>What the trivial answer scores on the same rows.</summary>
    /// <param name="training">The training data, whose most frequent class or mean is the answer.</param>
    public double TrivialOf(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Baseline.Of(training.Data, Samples);
    }

    /// <summary>Writes the reading down, then scores a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="test">The test data, which keep the ledger.</param>
    /// <param name="ledger">Where the reading is written down.</param>
    /// <param name="reason">Why the data are read, in a few words.</param>
    /// <param name="options">What the report holds; null for the defaults.</param>
    /// <exception cref="ThalwegException">The ledger cannot be written: nothing is read.</exception>
    public static TestJudgment Of(
        TrainedModel model, TestSet test, RunTestLedger ledger, string reason, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(ledger);
        test.Ledger = ledger;
        Dataset samples = test.Read(reason, model.Module.Fingerprint());
        options ??= new ReportOptions();
        IntervalOptions intervals = options.Intervals;
        options = options with { Intervals = intervals with { Level = TestReuse.Of(test).LevelOfEach(intervals.Level) } };
        Evaluation figures = model.Evaluate(samples, options, out EvaluationReport? report);
        return new TestJudgment
        {
            Figures = figures,
            Report = report,
            Reading = test.Reads[^1],
            Reuse = TestReuse.Of(test),
            FolderReads = TestReadLog.Load(ledger.Folder).Count,
            IndexNote = ledger.IndexNote,
            Samples = samples,
        };
    }

    /// <summary>Scores a model as <see cref="Of"/> does, and adds the reading to the events of the run whose folder holds it.</summary>
    /// <inheritdoc cref="Of"/>
    public static TestJudgment OfSaved(
        TrainedModel model, TestSet test, RunTestLedger ledger, string reason, ReportOptions? options = null)
    {
        TestJudgment judged = Of(model, test, ledger, reason, options);
        if (!File.Exists(Path.Combine(ledger.Folder, EventLog.FileName)))
            return judged;
        try
        {
            using EventLog log = EventLog.Open(ledger.Folder);
            log.Write(new RunEvent.TestRead(judged.Figures, judged.Reading));
            return judged;
        }
        catch (ThalwegException error)
        {
            return judged with { IndexNote = judged.IndexNote ?? error.Message };
        }
    }
}
