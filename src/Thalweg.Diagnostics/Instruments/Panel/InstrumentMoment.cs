using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>A moment of a run at which an instrument measures: where the run stands, and where readings go.</summary>
public sealed class InstrumentMoment
{
    private readonly Action<InstrumentReading> _write;
    private readonly Instrument _instrument;

    internal InstrumentMoment(Instrument instrument, InstrumentState state, Trainer trainer, Action<InstrumentReading> write) =>
        (_instrument, State, Trainer, _write) = (instrument, state, trainer, write);

    /// <summary>The run.</summary>
    public Trainer Trainer { get; }

    /// <summary>The run with its counted work.</summary>
    /// <exception cref="ThalwegException">No step has been taken yet.</exception>
    public InstrumentRun Run
    {
        get => field ?? throw new ThalwegException("[instruments] expected a run with a step, got one at its start; measure within a step");
        internal set;
    } = null!;

    /// <summary>Parameters and gradients.</summary>
    public ParameterVector Parameters => Trainer.Parameters;

    /// <summary>Step of the run, from 0.</summary>
    public long Step { get; internal set; }

    /// <summary>Epoch, from 0.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Training samples of the step, as places in the data; empty at the start of a run and the end of an epoch.</summary>
    public ReadOnlyMemory<int> Samples { get; internal set; }

    /// <summary>Mean loss of the step, without regularizers.</summary>
    public double Loss { get; internal set; }

    /// <summary>Whether the schedule names this step; false in the step after, for <see cref="InstrumentNeeds.NextStep"/>.</summary>
    public bool IsDue { get; internal set; }

    /// <summary>Whether it is the step after one that was due.</summary>
    public bool IsNextStep { get; internal set; }

    /// <summary>The weights before the update of the step before, where they were kept for it; else null.</summary>
    internal Tensor? PreviousWeights { get; set; }

    /// <summary>What the instrument keeps from step to step.</summary>
    public InstrumentState State { get; }

    /// <summary>Takes down a value.</summary>
    /// <param name="quantity">What it is, in snake case.</param>
    /// <param name="value">The value.</param>
    /// <param name="layer">Path of the layer or name of the parameter; default that of the whole run.</param>
    /// <param name="note">One line on it; default none.</param>
    public void Read(string quantity, double value, string layer = "", string? note = null) =>
        Read(new InstrumentReading(_instrument.Name, quantity, value) { Layer = layer, Unit = _instrument.Unit, Note = note });

    /// <summary>Takes down a reading; step and epoch are filled in.</summary>
    /// <param name="reading">The reading.</param>
    public void Read(InstrumentReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        _write(reading with { Step = Step, Epoch = Epoch });
    }

    /// <summary>Takes down a value with further numbers.</summary>
    /// <param name="quantity">What it is, in snake case.</param>
    /// <param name="value">The value.</param>
    /// <param name="layer">Path of the layer or name of the parameter.</param>
    /// <param name="series">The numbers.</param>
    public void Read(string quantity, double value, string layer, ReadOnlySpan<double> series) => Read(
        new InstrumentReading(_instrument.Name, quantity, value)
        {
            Layer = layer,
            Unit = _instrument.Unit,
            Series = [.. series],
        });
}
