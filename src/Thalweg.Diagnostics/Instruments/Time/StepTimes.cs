using System.Diagnostics;

namespace Thalweg.Diagnostics;

/// <summary>Where the time of a step goes: waiting for data, forward and backward pass, update; and by layer and operation.</summary>
public sealed record StepTimes : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "data: from the begin of the step to its first operation; forward: operations; backward: from the last operation to the " +
        "gradient; update: of the step before; " +
        "share of the data in the four; layer_share and op_share: of the time of all operations, forward";

    /// <inheritdoc/>
    public override string Source =>
        "Schneider, Dangel, Hennig: Cockpit, NeurIPS 2021 (Time); PyTorch profiler, forward times by operation and module";

    /// <inheritdoc/>
    public override string Unit => "seconds (shares: dimensionless)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Free;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass | InstrumentNeeds.Times;

    /// <inheritdoc/>
    public override string? Unavailable(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Trainer.Options.Shards > 1 ? "shards are computed side by side on threads of their own" : null;
    }

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => new(0, 0, 1);

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        RecordedOp[] ops = [.. pass.Recording.Ops.Where(op => !op.IsRecomputed)];
        if (pass.Clock is not { } clock || ops.Length == 0 || ops[0].Began == 0)
            return;

        double data = Seconds(ops[0].Began - clock.Began), forward = Seconds(ops[^1].Began + ops[^1].Elapsed - ops[0].Began);
        double backward = Seconds(clock.PassEnded - ops[^1].Began - ops[^1].Elapsed), update = Seconds(clock.LastUpdate);
        double all = data + forward + backward + update;
        Read(moment, "data", data);
        Read(moment, "forward", forward);
        Read(moment, "backward", backward);
        Read(moment, "update", update);
        Read(moment, "data_share", all > 0 ? data / all : 0);
        double total = ops.Sum(op => op.Elapsed);
        foreach (IGrouping<string, RecordedOp> layer in ops.GroupBy(op => op.Layer))
            Read(moment, "layer_share", layer.Sum(op => op.Elapsed) / total, layer.Key);

        foreach (IGrouping<string, RecordedOp> name in ops.GroupBy(op => op.Name))
            Read(moment, "op_share", name.Sum(op => op.Elapsed) / total, name.Key);
    }

    private void Read(InstrumentMoment moment, string quantity, double value, string layer = "") =>
        moment.Read(new InstrumentReading(Name, quantity, value) { Layer = layer, Unit = Unit, IsTime = true });

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
