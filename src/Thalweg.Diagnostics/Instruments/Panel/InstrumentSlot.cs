using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>An instrument in a panel: its state, and whether it is due.</summary>
/// <param name="instrument">The instrument.</param>
internal sealed class InstrumentSlot(Instrument instrument)
{
    private readonly InstrumentNeeds _needs = instrument.Needs;
    private InstrumentMoment? _moment;
    private bool _isCounted;

    public Instrument Instrument => instrument;

    /// <summary>What it keeps from step to step.</summary>
    public InstrumentState State { get; } = new();

    /// <summary>Its row in the plan.</summary>
    public PlannedInstrument? Planned { get; set; }

    /// <summary>Why it does not measure; null where it does.</summary>
    public string? Reason { get; set; }

    /// <summary>Whether its schedule names the step.</summary>
    public bool IsDueNow { get; private set; }

    /// <summary>Whether its schedule named the step before, and it looks at two.</summary>
    public bool IsDueNext { get; private set; }

    public bool Needs(InstrumentNeeds need) => Reason is null && (_needs & need) != 0;

    /// <summary>Whether it looks at a part of the step; at an update only of a step that its schedule names.</summary>
    public bool IsDue(InstrumentNeeds need) =>
        (IsDueNow || (IsDueNext && need != InstrumentNeeds.Update)) && Reason is null && (_needs & need) != 0;

    /// <summary>Turns to a step.</summary>
    /// <param name="isDue">Whether its schedule, thinned out, names the step.</param>
    /// <param name="wasDue">Whether it named the step before.</param>
    public void Turn(bool isDue, bool wasDue)
    {
        _isCounted = false;
        (IsDueNow, IsDueNext) = (isDue, wasDue && (_needs & InstrumentNeeds.NextStep) != 0);
    }

    public void EndStep() => (IsDueNow, IsDueNext) = (false, false);

    /// <summary>Finds out whether it can be had in a run.</summary>
    public void Check(InstrumentRun run)
    {
        try
        {
            Reason ??= instrument.Unavailable(run)
                ?? ((_needs & (InstrumentNeeds.Gradient | InstrumentNeeds.Update)) != 0 && run.Trainer.Options.Minimizer is { } minimizer
                    ? $"the minimizer {Settings.NameOf(minimizer.GetType())} takes gradients of its own in each search"
                    : null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Reason = failure.Message;
        }
    }

    /// <summary>Where it measures.</summary>
    public InstrumentMoment MomentOf(Trainer trainer, InstrumentRun? run, Action<InstrumentReading> write)
    {
        if (_moment is null || !ReferenceEquals(_moment.Trainer, trainer))
            _moment = new InstrumentMoment(instrument, State, trainer, write);

        if (run is not null)
            _moment.Run = run;

        return _moment;
    }

    /// <summary>The work of the measurement at this step, once.</summary>
    public InstrumentWork TakeWork()
    {
        InstrumentWork work = _isCounted ? default : Planned?.Work ?? default;
        _isCounted = true;
        return work;
    }
}
