namespace Thalweg.Rules;

/// <summary>Size and start of a slot of a rule's state; see <see cref="Rule.Slots"/>.</summary>
/// <param name="Length">Number of elements, at least 0.</param>
/// <param name="Start">Value of each element before the first update; default 0.</param>
/// <param name="IsExact">Whether it is kept in double whatever the type of the parameters, default false: for single numbers that add up
/// over a run.</param>
public readonly record struct SlotPlan(int Length, double Start = 0, bool IsExact = false)
{
    /// <summary>A single number in double.</summary>
    /// <param name="start">Its value before the first update; default 0.</param>
    public static SlotPlan Single(double start = 0) => new(1, start, true);
}

/// <summary>Where the slots of one rule of a run lie in memory.</summary>
internal sealed unsafe class RuleSlots
{
    private readonly nint[] _addresses;
    private readonly Tensor[] _tensors;
    private readonly string[] _names;
    private readonly string _rule;

    /// <param name="rule">The rule.</param>
    /// <param name="tensors">Its slots, in the order of <see cref="Rule.Slots"/>.</param>
    public RuleSlots(Rule rule, Tensor[] tensors)
    {
        (_tensors, _names, _rule) = (tensors, [.. rule.Slots], Settings.NameOf(rule.GetType()));
        _addresses = [.. tensors.Select(Address)];
    }

    /// <summary>The address of a slot.</summary>
    public nint this[int index] => _addresses[index];

    /// <summary>A slot by its name, in the type that it is kept in.</summary>
    /// <exception cref="ThalwegException">There is none, or it is of another type.</exception>
    public Span<T> Find<T>(string name)
        where T : unmanaged
    {
        int index = Array.IndexOf(_names, name);
        if (index < 0)
            throw new ThalwegException($"[{_rule}] unknown slot '{name}'; {NearestName.Advice(name, _names)}");
        Tensor slot = _tensors[index];
        if (slot.DType != DTypes.Of<T>())
        {
            throw new ThalwegException(
                $"[{_rule}] expected slot '{name}' to be of {typeof(T).Name}, found {slot.DType}; read an exact slot by " +
                "ExactSlot, others by Slot");
        }

        return slot.AsSpan<T>();
    }

    private static nint Address(Tensor slot) =>
        slot.DType == DType.Float64 ? (nint)slot.Pointer<double>() : (nint)slot.Pointer<float>();
}
