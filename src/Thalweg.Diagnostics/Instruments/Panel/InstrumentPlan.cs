namespace Thalweg.Diagnostics;

/// <summary>One instrument in the plan of a panel.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="Work">Counted work of one measurement, its share in what is computed for several included, as work of training that
/// takes as long: what is counted of a measurement takes 2.5 times as long as that of a step, its calls 6 times.</param>
/// <param name="Thinning">It measures at each so manyth occasion of its schedule: 1 where the budget allows all.</param>
/// <param name="Reason">Why it cannot be had in this run, in one line; null where it can.</param>
public sealed record PlannedInstrument(Instrument Instrument, InstrumentWork Work, int Thinning, string? Reason)
{
    /// <summary>Whether it measures at a step.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public bool IsDueAt(long step) =>
        Reason is null && Instrument.When.OccasionAt(step) is >= 0 and var occasion && occasion % Thinning == 0;
}

/// <summary>Which instruments measure how often, so that all together stay within the budget.</summary>
/// <remarks>
/// It is decided once, from counted work: instruments of one schedule are a group, and all groups get an equal share of the budget; what a
/// cheap one leaves goes to the others. A group that needs more than its share measures at each second, third, ... occasion. So the plan is
/// the same on every machine, for any number of threads, and after a resume.
/// </remarks>
public sealed class InstrumentPlan
{
    private InstrumentPlan(InstrumentPanelOptions options, InstrumentWork step, IReadOnlyList<PlannedInstrument> instruments, long horizon)
    {
        (Step, Instruments) = (step, instruments);
        double spent = instruments.Where(row => row.Reason is null)
            .Sum(row => row.Work.Total * Occasions(row.Instrument, horizon) / row.Thinning / horizon);
        (Budget, Share) = (options.Budget, step.Total > 0 ? spent / step.Total : 0);
    }

    /// <summary>Counted work of a step of training.</summary>
    public InstrumentWork Step { get; }

    /// <summary>The instruments in the order of the panel.</summary>
    public IReadOnlyList<PlannedInstrument> Instruments { get; }

    /// <summary>Work of all measurements as a share of that of training that is allowed.</summary>
    public double Budget { get; }

    /// <summary>Work of all measurements of the run as a share of that of training, as planned.</summary>
    public double Share { get; }

    internal static InstrumentPlan Make(InstrumentPanelOptions options, InstrumentRun run, IReadOnlyList<string?> reasons)
    {
        long horizon = Math.Max(1, run.Trainer.TotalSteps);
        IReadOnlyList<Instrument> all = options.Instruments;
        InstrumentWork[] works = [.. all.Select((instrument, i) =>
            reasons[i] is null ? (instrument.Work(run) + Shared(instrument, run)).AsMeasured : default)];
        Dictionary<InstrumentSchedule, double> groups = [];
        for (int i = 0; i < works.Length; i++)
        {
            if (reasons[i] is null)
                groups[all[i].When] = groups.GetValueOrDefault(all[i].When) + (works[i].Total * Occasions(all[i], horizon) / horizon);
        }

        Dictionary<InstrumentSchedule, int> thinning = Thin(groups, options.Budget * run.Step.Total);
        return new(
            options, run.Step,
            [.. all.Select((instrument, i) => new PlannedInstrument(
                instrument, works[i], reasons[i] is null ? thinning[instrument.When] : 1, reasons[i]))],
            horizon);
    }

    internal static InstrumentPlan Restore(InstrumentPanelOptions options, InstrumentWork step, IReadOnlyList<PlannedInstrument> rows,
        long horizon) =>
        new(options, step, rows, Math.Max(1, horizon));

    /// <summary>Equal shares of the budget; what a group leaves is shared out among the others.</summary>
    private static Dictionary<InstrumentSchedule, int> Thin(Dictionary<InstrumentSchedule, double> groups, double budget)
    {
        Dictionary<InstrumentSchedule, int> thinning = [];
        KeyValuePair<InstrumentSchedule, double>[] ascending =
            [.. groups.OrderBy(group => group.Value).ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)];
        for (int i = 0; i < ascending.Length; i++)
        {
            double share = budget / (ascending.Length - i), rate = ascending[i].Value;
            int factor = !(rate > share) ? 1 : (int)Math.Min(1 << 20, Math.Ceiling(rate / Math.Max(share, double.Epsilon)));
            thinning[ascending[i].Key] = factor;
            budget = Math.Max(0, budget - (rate / factor));
        }

        return thinning;
    }

    private static double Occasions(Instrument instrument, long horizon) =>
        (instrument.Needs & ~(InstrumentNeeds.Data | InstrumentNeeds.Epoch)) == 0
            ? 1
            : instrument.When.CountIn(horizon) * (instrument.Needs.HasFlag(InstrumentNeeds.NextStep) ? 2 : 1);

    /// <summary>What the panel does for an instrument: it looks at the operations, and keeps the weights from before the update.</summary>
    private static InstrumentWork Shared(Instrument instrument, InstrumentRun run)
    {
        InstrumentWork work = default;
        if (instrument.Needs.HasFlag(InstrumentNeeds.Pass))
            work += run.Trainer.Options.Shards > 1 ? 3 * run.Forward : new InstrumentWork(0, 0, 1);
        if (instrument.Needs.HasFlag(InstrumentNeeds.Update))
            work += new InstrumentWork(0, 2.0 * run.Parameters * run.ElementBytes);
        return work;
    }
}
