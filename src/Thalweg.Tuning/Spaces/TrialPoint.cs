using System.Collections;

namespace Thalweg.Tuning;

/// <summary>The value of each parameter that a trial has, in the order of the space; equal to another with equal values.</summary>
public sealed class TrialPoint : IReadOnlyList<KeyValuePair<string, TrialValue>>, IEquatable<TrialPoint>
{
    private readonly KeyValuePair<string, TrialValue>[] _values;

    /// <summary>Makes a point.</summary>
    /// <param name="values">Paths with their values; each path once.</param>
    /// <exception cref="ThalwegException">A path stands there twice.</exception>
    public TrialPoint(IEnumerable<KeyValuePair<string, TrialValue>> values)
    {
        _values = [.. values];
        if (_values.GroupBy(value => value.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ThalwegException($"[search] expected each path once in a trial, got '{twice.Key}' twice; leave one out");
    }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, TrialValue> this[int index] => _values[index];

    /// <summary>The value of a path; null where the point has none.</summary>
    /// <param name="path">The path.</param>
    public TrialValue? this[string path]
    {
        get
        {
            foreach ((string name, TrialValue value) in _values)
            {
                if (name == path)
                    return value;
            }

            return null;
        }
    }

    /// <summary>Reads a point, as in <c>training.optimizer.learning_rate=0.01, network.activation=relu</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">It does not follow the grammar.</exception>
    public static TrialPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(SettingsNode.Read($"trial({text})").Arguments.Select(argument => new KeyValuePair<string, TrialValue>(
            argument.Name ?? throw new ThalwegException(
                $"[search] expected values with their paths, got '{argument.Value}'; write them as in training.optimizer.learning_rate=0.01"),
            TrialValue.Of(argument.Value))));
    }

    /// <summary>The text, which <see cref="Parse"/> reads back.</summary>
    public override string ToString() =>
        string.Join(", ", _values.Select(value => new SettingsArgument(value.Key, value.Value.ToNode())));

    /// <inheritdoc/>
    public bool Equals(TrialPoint? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrialPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TrialValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, TrialValue>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
