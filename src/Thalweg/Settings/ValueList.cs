using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>A list that is equal to another with equal elements in the same order, as a setting of a record should be.</summary>
/// <typeparam name="T">Type of the elements.</typeparam>
/// <remarks>Written as a collection: <c>ValueList&lt;int&gt; sizes = [256, 128];</c> It cannot be changed.</remarks>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Of))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _values;

    /// <summary>Makes a list.</summary>
    /// <param name="values">The elements; copied.</param>
    public ValueList(IEnumerable<T> values) => _values = [.. values];

    internal ValueList(ReadOnlySpan<T> values) => _values = values.ToArray();

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public T this[int index] => _values[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

    /// <summary>The elements as <c>[1, 0.5]</c>, the same in every culture.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", _values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))}]";
}

/// <summary>Makes lists of values.</summary>
public static class ValueList
{
    /// <summary>Makes a list.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <param name="values">The elements; copied.</param>
    public static ValueList<T> Of<T>(ReadOnlySpan<T> values) => new(values);
}
