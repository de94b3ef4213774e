using Thalweg.Optimizers;

namespace Thalweg.Minimizers;

/// <summary>What a run remembers, under names: copied out when it is saved, copied in when it continues.</summary>
/// <remarks>Each owner names what it remembers once, for both ways, so that what is saved and what is read cannot differ.</remarks>
internal sealed class RunArchive
{
    private readonly Dictionary<string, Tensor>? _saved;
    private readonly List<StateSlot> _slots = [];

    /// <summary>Copies out.</summary>
    public RunArchive()
    {
    }

    /// <summary>Copies in.</summary>
    /// <param name="saved">What a run gave; all of it must be asked for.</param>
    public RunArchive(IEnumerable<StateSlot> saved) => _saved = saved.ToDictionary(slot => slot.Name, slot => slot.Values);

    /// <summary>What was named so far.</summary>
    public IReadOnlyList<StateSlot> Slots => _slots;

    /// <summary>A vector whose length is that of the run to which it belongs.</summary>
    /// <exception cref="ThalwegException">The saved state lacks it, or has another length.</exception>
    public void Vector(string name, double[] values)
    {
        if (_saved is null)
        {
            _slots.Add(new StateSlot(name, Tensor.From(values, [values.Length])));
            return;
        }

        Tensor? saved = _saved.GetValueOrDefault(name);
        if (saved is null || saved.Length != values.Length || saved.DType != DType.Float64)
        {
            string found = saved is null ? "none" : $"{saved.Length} of {saved.DType}";
            throw Foreign($"expected '{name}' as {values.Length} of {DType.Float64}, found {found}");
        }

        saved.AsSpan<double>().CopyTo(values);
        _slots.Add(new StateSlot(name, saved));
    }

    /// <summary>A number; NaN stays NaN.</summary>
    public void Number(string name, ref double value)
    {
        double[] one = [value];
        Vector(name, one);
        value = one[0];
    }

    /// <summary>A whole number, which a double holds exactly.</summary>
    public void Count(string name, ref int value)
    {
        double number = value;
        Number(name, ref number);
        value = (int)number;
    }

    /// <summary>A yes or no.</summary>
    public void Flag(string name, ref bool value)
    {
        int number = value ? 1 : 0;
        Count(name, ref number);
        value = number != 0;
    }

    /// <summary>Refuses a saved state with more than was asked for.</summary>
    /// <exception cref="ThalwegException">Something saved was not asked for.</exception>
    public void RefuseStrangers()
    {
        if (_saved?.Keys.Except(_slots.Select(slot => slot.Name)).FirstOrDefault() is { } stranger)
            throw Foreign($"found '{stranger}', which this method does not have");
    }

    private static ThalwegException Foreign(string line) =>
        new($"[minimizer state] {line}; continue with the method and the function that were saved");
}
