using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Thalweg.Schedules;

/// <summary>Steps in ascending order, repetitions allowed: written <c>[3, 8]</c>, in texts <c>at(3, 8)</c>.</summary>
[CollectionBuilder(typeof(Milestones), nameof(Of))]
public sealed class Milestones : IReadOnlyList<int>, IEquatable<Milestones>
{
    /// <summary>Name in texts.</summary>
    internal const string Name = "at";

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
                throw new ThalwegException(
                    $"[at] expected steps of at least 0 in ascending order, got {steps[i]} in place {i + 1}; sort them");
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

    /// <summary>The text form: <c>at(3, 8)</c>.</summary>
    public override string ToString() => $"{Name}({string.Join(", ", _steps.Select(step => step.ToString(CultureInfo.InvariantCulture)))})";
}
