using Thalweg.Diagnostics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>All that is known of a run when causes are looked for: recipe, history, readings, probes, data, outcome.</summary>
internal sealed class RunSigns
{
    private readonly Dictionary<(string Instrument, string Quantity), List<InstrumentReading>> _readings = [];

    /// <param name="trainer">The run.</param>
    public RunSigns(Trainer trainer) => Trainer = trainer;

    /// <summary>The run.</summary>
    public Trainer Trainer { get; }

    /// <summary>The full recipe; null where the run was made in code.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>Whether the network is that of the recipe, not one made in code.</summary>
    public bool IsNetworkOfRecipe { get; init; }

    /// <summary>The network at its start; null where it could not be looked at.</summary>
    public NetworkProbe? Start { get; set; }

    /// <summary>The network after its last step, before the best weights are put back; null while the run is under way.</summary>
    public NetworkProbe? End { get; set; }

    /// <summary>How far the gradients of custom modules are from their derivatives; null where there are none.</summary>
    public GradientCheck? GradientCheck { get; set; }

    /// <summary>Share of the buffers of batch normalizations that are as at their start; NaN where there are none.</summary>
    public double UnmovedStatistics { get; set; } = double.NaN;

    /// <summary>Loss of each step.</summary>
    public List<double> StepLosses { get; } = [];

    /// <summary>Largest jump of the loss among the steps looked at so far, so that each step is looked at once.</summary>
    internal (int Seen, double Factor, int Step) Jump { get; set; }

    /// <summary>Norm of the gradient of each step.</summary>
    public List<double> GradientNorms { get; } = [];

    /// <summary>The epochs.</summary>
    public List<EpochReport> Epochs { get; } = [];

    /// <summary>The result of the run; null while it is under way.</summary>
    public TrainingReport? Report { get; set; }

    /// <summary>The figures of the run; null while it is under way.</summary>
    public TrainingOutcome? Outcome { get; set; }

    /// <summary>Readings of the test data so far.</summary>
    public int TestReads { get; set; }

    /// <summary>The data.</summary>
    public DataFacts Data => field ??= new DataFacts(Trainer);

    /// <summary>Curves of the run.</summary>
    public RunCurves Curves => new(this);

    /// <summary>Whether the loss became NaN or infinite.</summary>
    public bool IsNonFinite => Report?.Reason == EndReason.NonFinite || StepLosses.Any(loss => !double.IsFinite(loss));

    /// <summary>All readings.</summary>
    public List<InstrumentReading> Readings { get; } = [];

    /// <summary>Adds a reading.</summary>
    public void Add(InstrumentReading reading)
    {
        Readings.Add(reading);
        (string, string) key = (reading.Instrument, reading.Quantity);
        if (!_readings.TryGetValue(key, out List<InstrumentReading>? list))
            _readings[key] = list = [];
        list.Add(reading);
    }

    /// <summary>Readings of a quantity, in the order of the run; those that have no value left out.</summary>
    public IEnumerable<InstrumentReading> Of(string instrument, string quantity) =>
        _readings.TryGetValue((instrument, quantity), out List<InstrumentReading>? list)
            ? list.Where(reading => !double.IsNaN(reading.Value)) : [];

    /// <summary>Last reading of a quantity of the whole run; NaN where there is none.</summary>
    public double Last(string instrument, string quantity) => Of(instrument, quantity).LastOrDefault(reading => reading.Layer.Length == 0)?.Value ?? double.NaN;

    /// <summary>Median of the readings of a quantity of the whole run in the given share of the run, counted from its end; NaN where there is none.</summary>
    public double Median(string instrument, string quantity, double lastShare = 1)
    {
        double[] values = [.. Of(instrument, quantity).Where(reading => reading.Layer.Length == 0).Select(reading => reading.Value)];
        double[] used = [.. values.Skip((int)(values.Length * (1 - lastShare))).Order()];
        return used.Length == 0 ? double.NaN : used[used.Length / 2];
    }
}
