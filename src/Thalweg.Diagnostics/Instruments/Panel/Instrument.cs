using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>What of a step an instrument looks at: which of its methods are called, and what is made ready for them.</summary>
[Flags]
public enum InstrumentNeeds
{
    /// <summary>Nothing of a step.</summary>
    None = 0,

    /// <summary>What was computed forward and backward: <see cref="Instrument.MeasurePass"/>.</summary>
    Pass = 1,

    /// <summary>The gradient before the update: <see cref="Instrument.MeasureGradient"/>.</summary>
    Gradient = 2,

    /// <summary>The weights before and after the update: <see cref="Instrument.MeasureUpdate"/>.</summary>
    Update = 4,

    /// <summary>The step after the one that is due as well, to compare the two.</summary>
    NextStep = 8,

    /// <summary>The times of operations.</summary>
    Times = 16,

    /// <summary>The training data at the start of the run: <see cref="Instrument.MeasureData"/>.</summary>
    Data = 32,

    /// <summary>The results of epochs: <see cref="Instrument.MeasureEpoch"/>.</summary>
    Epoch = 64,
}

/// <summary>Measures one thing of a training under way, at the steps of its schedule; an <see cref="InstrumentPanel"/> attaches it to a
/// <see cref="Trainer"/>.</summary>
/// <remarks>
/// An instrument is a record of settings: what it keeps from step to step lies in <see cref="InstrumentMoment.State"/>. It must not change
/// weights, gradients or the state of the run, and what it reads must follow from them alone, not from the clock. An exception switches it
/// off, with its message in the readings; training continues. Derive from it for a custom one; it need not be registered.
/// </remarks>
public abstract record Instrument : SettingsRecord
{
    static Instrument() => InstrumentKinds.Register();

    /// <summary>At which steps it is due; default every 16th.</summary>
    public InstrumentSchedule When { get; init; } = new EverySteps();

    /// <summary>What it measures, in one sentence with the formula.</summary>
    public abstract string Definition { get; }

    /// <summary>Where the definition comes from.</summary>
    public abstract string Source { get; }

    /// <summary>Unit of its values; default dimensionless.</summary>
    public virtual string Unit => "dimensionless";

    /// <summary>What a measurement grows with.</summary>
    public abstract InstrumentCost Cost { get; }

    /// <summary>What it looks at.</summary>
    public abstract InstrumentNeeds Needs { get; }

    /// <summary>Name in texts and readings.</summary>
    public string Name => Settings.NameOf(GetType());

    /// <summary>Reads instruments separated by commas, as in <c>gradient_norm, hessian_eigenvalues(when=every(256))</c>.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <exception cref="ThalwegException">A name, a setting or a value is not known or out of range: the message gives the
    /// choices.</exception>
    public static IReadOnlyList<Instrument> ParseAll(string text)
    {
        InstrumentKinds.Register();
        return Settings.ParseAll<Instrument>(text);
    }

    /// <summary>Why it cannot be had in this run, in one line; null (default) where it can.</summary>
    /// <param name="run">The run.</param>
    public virtual string? Unavailable(InstrumentRun run) => null;

    /// <summary>Counted work of one measurement, what it shares with others left aside.</summary>
    /// <param name="run">The run.</param>
    public abstract InstrumentWork Work(InstrumentRun run);

    /// <summary>Looks at what a step computed; its tensors are good until it returns.</summary>
    /// <param name="moment">The step.</param>
    /// <param name="pass">What it computed.</param>
    public virtual void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
    }

    /// <summary>Looks at the gradient of a step, before the update.</summary>
    /// <param name="moment">The step.</param>
    public virtual void MeasureGradient(InstrumentMoment moment)
    {
    }

    /// <summary>Looks at the weights after the update of a step.</summary>
    /// <param name="moment">The step.</param>
    /// <param name="before">The weights before the update, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="report">Loss and rate of the step.</param>
    public virtual void MeasureUpdate(InstrumentMoment moment, Tensor before, in StepReport report)
    {
    }

    /// <summary>Looks at the data, once at the start of a run.</summary>
    /// <param name="moment">The start of the run.</param>
    /// <param name="data">The data.</param>
    public virtual void MeasureData(InstrumentMoment moment, InstrumentData data)
    {
    }

    /// <summary>Looks at the result of an epoch, whatever the schedule.</summary>
    /// <param name="moment">The end of the epoch.</param>
    /// <param name="report">The result.</param>
    public virtual void MeasureEpoch(InstrumentMoment moment, EpochReport report)
    {
    }
}
