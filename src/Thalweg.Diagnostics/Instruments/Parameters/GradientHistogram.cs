namespace Thalweg.Diagnostics;

/// <summary>Histograms of the elements of the gradient of each parameter, and of those of the gradients of single samples.</summary>
/// <param name="Bins">Number of bins, 2 or more.</param>
public sealed record GradientHistogram(int Bins = 32) : Instrument
{
    private const int MostValues = 1024;

    /// <summary>Number of bins, 2 or more; default 32.</summary>
    public int Bins { get; init => field = AtLeast(2, value); } = Bins;

    /// <inheritdoc/>
    public override string Definition =>
        "per parameter: counts of the elements of the gradient of the mean loss (histogram) and, for dense layers, of the gradients " +
        "of single " +
        "samples (single_histogram) in bins of equal width; of more than 1024 elements as many, evenly chosen; the series is low, " +
        "high, counts";

    /// <inheritdoc/>
    public override string Source => "Schneider, Dangel, Hennig: Cockpit, NeurIPS 2021, section 2.2 (GradHist1d)";

    /// <inheritdoc/>
    public override string Unit => "counts";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var parameters = run.Trainer.Parameters.Segments.Items;
        double values = parameters.Sum(parameter =>
            Math.Min(MostValues, (double)parameter.Size) + Math.Min(MostValues, (double)run.Samples * parameter.Size));
        return Histogram.Work(values, 2 * parameters.Count);
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (SingleGradient single in pass.Singles.Parameters)
        {
            Histogram mean = Histogram.Of(single.Gradient, Bins, MostValues);
            moment.Read("histogram", mean.High, single.Name, mean.ToSeries());
            if (single.Sample(MostValues) is { } elements)
            {
                Histogram each = Histogram.Of(elements, Bins);
                moment.Read("single_histogram", each.High, single.Name, each.ToSeries());
            }
        }
    }
}
