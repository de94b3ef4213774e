using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>One state of one rule: a number per parameter, or a single one.</summary>
/// <param name="Name">Unique name: place in the chain, rule, slot, as in <c>1.scale_by_adam.m</c>.</param>
/// <param name="Values">The numbers, mostly <c>[n]</c> in the order of the flat vector.</param>
public sealed record StateSlot(string Name, Tensor Values);

/// <summary>What an optimizer remembers from step to step: all that a checkpoint needs to continue with equal bits.</summary>
public sealed class OptimizerState
{
    private readonly Tensor[][] _byRule;

    internal OptimizerState(Chain chain, ParameterSegments segments, DType dtype)
    {
        _byRule = [.. chain.Select(rule => rule.Slots.Select(slot => Make(rule.PlanOf(slot, segments), dtype)).ToArray())];
        Slots = [.. chain.SelectMany((rule, position) => rule.Slots.Select((slot, index) =>
            new StateSlot($"{position}.{Settings.NameOf(rule.GetType())}.{slot}", _byRule[position][index])))];
    }

    private static Tensor Make(SlotPlan plan, DType dtype)
    {
        // Outside any step scope, because it outlives the step.
        using PoolSwitch outside = StepMemory.Leave();
        return Tensor.Full([plan.Length], plan.Start, plan.IsExact ? DType.Float64 : dtype);
    }

    /// <summary>Completed updates.</summary>
    public long Step { get; internal set; }

    /// <summary>All slots, in the order of the chain; zeros at the start, unless a rule says otherwise.</summary>
    public IReadOnlyList<StateSlot> Slots { get; }

    internal Tensor[][] ByRule => _byRule;

    /// <summary>Takes over a saved state.</summary>
    /// <param name="step">Completed updates, at least 0.</param>
    /// <param name="slots">The saved slots, in any order; copied.</param>
    /// <exception cref="ThalwegException">A slot is missing, not known, or of another size: the state belongs to another
    /// chain or network.</exception>
    public void Restore(long step, IEnumerable<StateSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        Dictionary<string, Tensor> saved = slots.ToDictionary(slot => slot.Name, slot => slot.Values);
        if (step < 0)
        {
            throw new ThalwegException(
                $"[optimizer state] expected a step count of at least 0, got {step}; the saved state is damaged, use another");
        }

        foreach (StateSlot slot in Slots)
        {
            if (!saved.TryGetValue(slot.Name, out Tensor? values))
                throw Foreign($"expected slot '{slot.Name}', found {NearestName.Choices(saved.Keys.DefaultIfEmpty("none"))}", "chain");
            (Tensor own, string name) = (slot.Values, slot.Name);
            if (values.Length != own.Length || values.DType != own.DType)
                throw Foreign($"expected '{name}' as {own.Length} of {own.DType}, found {values.Length} of {values.DType}", "network");
        }

        if (saved.Keys.Except(Slots.Select(slot => slot.Name)).FirstOrDefault() is { } stranger)
            throw Foreign($"found slot '{stranger}', which this chain does not have", "chain");
        foreach (StateSlot slot in Slots)
            slot.Values.Assign(saved[slot.Name]);
        Step = step;
    }

    private static ThalwegException Foreign(string line, string owner) =>
        new($"[optimizer state] {line}; restore with the {owner} that was saved");
}
