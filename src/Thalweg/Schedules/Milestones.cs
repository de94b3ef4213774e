using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Thalweg.Schedules;

/// <summary>Steps in ascending order, repetitions allowed: written <c>[3, 8]</c>, in code as in texts.</summary>
[CollectionBuilder(typeof(Milestones), nameof(Of))]
public sealed class Milestones : IReadOnlyList<int>, IEquatable<Milestones>
{
    private const string OldName = "at";

    private readonly int[] _steps;

    private Milestones(int[] steps) => _steps = steps;

    /// <summary>Number of milestones.</summary>
    public int Count => _steps.Length;

    /// <summary>The step at a place.</summary>
    /// <param name="index">Place, from 0.</param>
    public int this[int index] => _steps[index];

    /// <summary>Makes a list.</summary>
    /// <param name="steps">The steps, at least 0, in ascending order.</param>
    /// <exception cref="ThalwegException">The steps are negative or not in order: sort them.</exception>
    public static Milestones Of(params ReadOnlySpan<int> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] < (i == 0 ? 0 : steps[i - 1]))
            {
                throw new ThalwegException(
                    $"[milestones] expected steps of at least 0 in ascending order, got {steps[i]} in place {i + 1}; sort them");
            }
        }

        return new(steps.ToArray());
    }

    /// <summary>How many milestones are at or before a step.</summary>
    /// <param name="step">The step.</param>
    public int ReachedBy(long step)
    {
        int reached = 0;
        while (reached < _steps.Length && _steps[reached] <= step)
            reached++;
        return reached;
    }

    /// <inheritdoc/>
    public bool Equals(Milestones? other) => other is not null && _steps.AsSpan().SequenceEqual(other._steps);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Milestones);

    /// <inheritdoc/>
    public override int GetHashCode() => _steps.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => _steps.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The text form: <c>[3, 8]</c>.</summary>
    public override string ToString() => Write(this).ToString();

    /// <summary>How they are written; <c>at(3, 8)</c> is read too.</summary>
    internal static SettingsValue Text { get; } = SettingsValue.Of<Milestones>("steps as in [3, 8]", Read, Write, static () => Of());

    private static bool Read(SettingsNode node, [MaybeNullWhen(false)] out Milestones value)
    {
        int[] steps = new int[node.Arguments.Count];
        value = null;
        for (int i = 0; i < steps.Length; i++)
        {
            SettingsNode step = node.Arguments[i].Value;
            if (step.Arguments.Count > 0
                || !int.TryParse(step.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out steps[i]))
            {
                return false;
            }
        }

        if (!node.IsList && node.Name != OldName)
            return false;
        value = Of(steps);
        return true;
    }

    private static SettingsNode Write(Milestones value) =>
        SettingsNode.List(value.Select(step => new SettingsNode(step.ToString(CultureInfo.InvariantCulture))));
}
