using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>What a rule remembers from step to step in one run: its slots, by number or by name.</summary>
/// <param name="rule">The rule.</param>
/// <param name="slots">Its slots, in the order of <see cref="Rule.Slots"/>.</param>
/// <param name="segments">What lies where in the flat vector.</param>
public readonly struct RuleState(Rule rule, IReadOnlyList<Tensor> slots, ParameterSegments segments)
{
    /// <summary>What lies where in the flat vector.</summary>
    public ParameterSegments Segments => segments;

    /// <summary>A slot by its place in <see cref="Rule.Slots"/>.</summary>
    /// <param name="index">Place, from 0.</param>
    public Tensor this[int index] => slots[index];

    /// <summary>A slot by its name in <see cref="Rule.Slots"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ThalwegException">The rule has no such slot: the message names those that it has.</exception>
    public Tensor this[string name]
    {
        get
        {
            IReadOnlyList<string> names = rule.Slots;
            for (int i = 0; i < names.Count; i++)
            {
                if (names[i] == name)
                    return slots[i];
            }

            throw new ThalwegException($"[{Settings.NameOf(rule.GetType())}] unknown slot '{name}'; {NearestName.Advice(name, names)}");
        }
    }
}
