using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>How far the network is better on the training data than on the validation data.</summary>
public sealed record GeneralizationGap : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "per epoch: loss = loss on validation data - mean training loss of the epoch; metric = training figure - validation figure " +
        "of the metric that " +
        "the run watches, its sign turned where less is better; both above 0 where training data fare better";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 5.2 (generalization gap)";

    /// <inheritdoc/>
    public override string Unit => "loss (metric: that of the metric)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Free;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Epoch;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => default;

    /// <inheritdoc/>
    public override void MeasureEpoch(InstrumentMoment moment, EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!report.IsEvaluated)
            return;

        moment.Read("loss", report.Validation.Loss - report.Training.Loss);
        Metric metric = moment.Trainer.Options.Monitor;
        double gap = report.Training.ValueOf(metric) - report.Validation.ValueOf(metric);
        moment.Read("metric", metric.LessIsBetter ? -gap : gap, note: metric.Name);
    }
}
