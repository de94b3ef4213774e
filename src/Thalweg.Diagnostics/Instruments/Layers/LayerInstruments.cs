namespace Thalweg.Diagnostics;

/// <summary>Mean, variance and root of the mean square of what leaves each layer.</summary>
public sealed record ActivationMoments : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "per layer over samples, positions and units: mean = sum a/n, variance = sum (a - mean)^2/n, rms = sqrt(sum a^2/n)";

    /// <inheritdoc/>
    public override string Source =>
        "Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010, section 3";

    /// <inheritdoc/>
    public override string Unit => "unit of the activation (variance: its square)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => new(0, 8.0 * run.LayerElements, 1 + (2 * run.LayerUnits.Count));

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers)
        {
            double mean = layer.Statistics.Mean, variance = layer.Statistics.Variance;
            moment.Read("mean", mean, layer.Path);
            moment.Read("variance", variance, layer.Path);
            moment.Read("rms", Math.Sqrt(variance + (mean * mean)), layer.Path);
        }
    }
}

/// <summary>Histogram of what leaves each layer.</summary>
/// <param name="Bins">Number of bins, 2 or more.</param>
public sealed record ActivationHistogram(int Bins = 32) : Instrument
{
    private const int MostValues = 4096;

    /// <summary>Number of bins, 2 or more; default 32.</summary>
    public int Bins { get; init => field = AtLeast(2, value); } = Bins;

    /// <inheritdoc/>
    public override string Definition =>
        "per layer: counts of values in bins of equal width from the least to the greatest value; of more than 4096 values as " +
        "many, evenly " +
        "chosen; the value is the greatest, the series low, high, counts";

    /// <inheritdoc/>
    public override string Source => "Schneider, Dangel, Hennig: Cockpit, NeurIPS 2021, section 2 (histograms)";

    /// <inheritdoc/>
    public override string Unit => "counts";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) =>
        Histogram.Work(run.LayerUnits.Sum(layer => Math.Min(MostValues, (double)layer.Rows * layer.Units)), run.LayerUnits.Count);

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers)
        {
            Histogram histogram = Histogram.Of(layer.Values, Bins, MostValues);
            moment.Read("histogram", histogram.High, layer.Path, histogram.ToSeries());
        }
    }
}

/// <summary>Share of values at which the function of a layer is flat, so that nearly no gradient passes.</summary>
/// <param name="Slope">Flat is where the slope is below this share of its greatest, in (0, 1).</param>
public sealed record SaturatedShare(double Slope = 0.05) : Instrument
{
    /// <summary>Flat is where the slope is below this share of its greatest, in (0, 1); default 0.05.</summary>
    public double Slope { get; init => field = Within(value, double.Epsilon, 1, isHighIncluded: false); } = Slope;

    /// <inheritdoc/>
    public override string Definition =>
        "per layer with a known activation f: share of values with |f'(z)| < slope max |f'|; of sigmoid, tanh and others read from f(z)";

    /// <inheritdoc/>
    public override string Source => "Glorot, Bengio, 2010, section 3 (saturation); Rakitianskaia, Engelbrecht: Measuring saturation, 2015";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => new(0, 8.0 * run.LayerElements, 1 + (2 * run.LayerUnits.Count));

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers)
        {
            if (FlatParts.Of(layer.Activation, Slope) is { } flat)
                moment.Read("saturated", flat.ShareOf(layer.Values), layer.Path);
        }
    }
}

/// <summary>Share of units that give the same value for all samples: rectifiers that are off, and units that are stuck.</summary>
public sealed record DeadUnits : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "per layer: share of units whose greatest and least value over samples and positions are equal; zero: those that are 0 throughout";

    /// <inheritdoc/>
    public override string Source => "Lu, Shin, Su, Karniadakis: Dying ReLU and initialization, 2020, definition of a dead neuron";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => new(0, 8.0 * run.LayerElements, 1 + (2 * run.LayerUnits.Count));

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers.Where(layer => layer.Rows > 1))
        {
            UnitStatistics units = layer.Statistics;
            double dead = 0, zero = 0;
            for (int unit = 0; unit < layer.Units; unit++)
            {
                dead += units.Lows[unit] == units.Highs[unit] ? 1 : 0;
                zero += units.Lows[unit] == 0 && units.Highs[unit] == 0 ? 1 : 0;
            }

            moment.Read("dead", dead / layer.Units, layer.Path);
            moment.Read("zero", zero / layer.Units, layer.Path);
        }
    }
}
