using System.Globalization;
using Thalweg.Checkpoints;

namespace Thalweg.Diagnostics;

/// <summary>The state of a panel as a file: which instruments, how often each measures, and what each keeps.</summary>
internal sealed class PanelDocument
{
    private const string Format = "thalweg.instruments", Version = "1", Before = "weights_before", Step = "weights_before_at";

    private readonly int[] _thinning;
    private readonly string?[] _reasons;

    private PanelDocument(int[] thinning, string?[] reasons) => (_thinning, _reasons) = (thinning, reasons);

    /// <summary>Weights from before the update of a step, and the step; -1 for none.</summary>
    public (Tensor? Weights, long Step) Kept { get; private init; } = (null, -1);

    public static void Write(string path, IReadOnlyList<InstrumentSlot> slots, InstrumentPlan? plan, (Tensor? Weights, long Step) kept) =>
        Make(slots, plan, kept).Write(path);

    /// <summary>The file, before it is written.</summary>
    public static SafetensorsWriter Make(IReadOnlyList<InstrumentSlot> slots, InstrumentPlan? plan, (Tensor? Weights, long Step) kept)
    {
        SafetensorsWriter writer = new();
        writer.SetMetadata(Format, Version);
        for (int i = 0; i < slots.Count; i++)
        {
            InstrumentSlot slot = slots[i];
            writer.SetMetadata($"{i}.instrument", slot.Instrument.ToString());
            writer.SetMetadata($"{i}.thinning", (plan?.Instruments[i].Thinning ?? 0).ToString(CultureInfo.InvariantCulture));
            if (slot.Reason is { } reason)
                writer.SetMetadata($"{i}.off", reason);

            slot.State.AddTo(writer, $"{i}.");
        }

        if (kept.Weights is { } weights)
        {
            InstrumentState state = new();
            state.Keep(Before, weights);
            state.AddTo(writer, "");
            writer.SetMetadata(Step, kept.Step.ToString(CultureInfo.InvariantCulture));
        }

        // A file without tensors is one all the same.
        writer.Add<double>("instruments", [1], [slots.Count]);
        return writer;
    }

    public static PanelDocument Read(string path, IReadOnlyList<InstrumentSlot> slots) => Read(SafetensorsFile.Read(path), path, slots);

    public static PanelDocument Read(SafetensorsFile file, string path, IReadOnlyList<InstrumentSlot> slots)
    {
        if (file.Metadata.GetValueOrDefault(Format) != Version)
        {
            throw new ThalwegException(
                $"[instruments] expected the state of instruments in {path}, got a file of another kind; load what InstrumentPanel.Save " +
                "wrote");
        }

        int[] thinning = new int[slots.Count];
        string?[] reasons = new string?[slots.Count];
        for (int i = 0; i < slots.Count; i++)
        {
            string found = file.Metadata.GetValueOrDefault($"{i}.instrument", "none"), expected = slots[i].Instrument.ToString();
            if (found != expected || file.Metadata.ContainsKey($"{slots.Count}.instrument"))
            {
                throw new ThalwegException($"[instruments] expected the state of {expected} and {slots.Count - 1} others in {path}, got " +
                    $"that of {found}; make the panel with the instruments that were saved, in their order");
            }

            thinning[i] = int.Parse(file.Metadata.GetValueOrDefault($"{i}.thinning", "0"), CultureInfo.InvariantCulture);
            reasons[i] = file.Metadata.GetValueOrDefault($"{i}.off");
        }

        foreach (SafetensorsEntry entry in file.Entries.Where(entry => entry.Name.Contains('.', StringComparison.Ordinal)))
        {
            int dot = entry.Name.IndexOf('.', StringComparison.Ordinal);
            slots[int.Parse(entry.Name.AsSpan(0, dot), CultureInfo.InvariantCulture)].State.Restore(entry.Name[(dot + 1)..], entry);
        }

        for (int i = 0; i < slots.Count; i++)
        {
            slots[i].Reason = reasons[i];
        }

        return new PanelDocument(thinning, reasons) { Kept = KeptIn(file) };
    }

    private static (Tensor? Weights, long Step) KeptIn(SafetensorsFile file)
    {
        if (!file.TryGet(Before, out SafetensorsEntry? entry))
            return (null, -1);

        InstrumentState state = new();
        state.Restore(Before, entry);
        return (state.Find(Before), long.Parse(file.Metadata.GetValueOrDefault(Step, "-1"), CultureInfo.InvariantCulture));
    }

    /// <summary>The plan of the run that was saved; null where it had none.</summary>
    public InstrumentPlan? PlanFor(InstrumentPanelOptions options, InstrumentRun run) => _thinning.Contains(0)
        ? null
        : InstrumentPlan.Restore(
            options, run.Step,
            [.. options.Instruments.Select((instrument, i) => new PlannedInstrument(
                instrument, _reasons[i] is null ? instrument.Work(run) : default, _thinning[i], _reasons[i]))],
            run.Trainer.TotalSteps);
}
