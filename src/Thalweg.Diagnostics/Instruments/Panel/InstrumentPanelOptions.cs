namespace Thalweg.Diagnostics;

/// <summary>What an <see cref="InstrumentPanel"/> measures, and how much it may cost.</summary>
public sealed record InstrumentPanelOptions
{
    /// <summary>The instruments, in the order in which they measure; default <see cref="InstrumentSets.Default"/>.</summary>
    public IReadOnlyList<Instrument> Instruments { get; init; } = InstrumentSets.Default;

    /// <summary>Counted work of all measurements as a share of that of training, above 0; default 0.05. What would take more measures less
    /// often, see <see cref="InstrumentPlan"/>; infinity measures at each occasion.</summary>
    public double Budget
    {
        get;
        init => field = value > 0
            ? value
            : throw new ThalwegException(
                $"[instruments] expected a budget above 0, got {value}; give a share of the work of training, such as 0.05");
    } = 0.05;

    /// <summary>Called with each reading, on the training thread; default null.</summary>
    public Action<InstrumentReading>? Sink { get; init; }

    /// <summary>Whether readings are kept in <see cref="InstrumentPanel.Readings"/>; default true. False saves their memory in long runs,
    /// where a sink takes them.</summary>
    public bool KeepReadings { get; init; } = true;
}
