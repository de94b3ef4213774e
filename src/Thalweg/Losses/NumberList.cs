using System.Collections;
using System.Globalization;

namespace Thalweg.Losses;

/// <summary>Numbers that are equal where all of them are, as settings of records should be.</summary>
/// <param name="numbers">The numbers; copied.</param>
internal sealed class NumberList(IEnumerable<double> numbers) : IReadOnlyList<double>, IEquatable<NumberList>
{
    private readonly double[] _numbers = [.. numbers];

    /// <inheritdoc/>
    public int Count => _numbers.Length;

    /// <inheritdoc/>
    public double this[int index] => _numbers[index];

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)_numbers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NumberList? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NumberList);

    /// <inheritdoc/>
    public override int GetHashCode() => _numbers.Length == 0 ? 0 : HashCode.Combine(_numbers.Length, _numbers[0], _numbers[^1]);

    /// <summary>The numbers as <c>[1, 0.5]</c>, the same in every culture.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", _numbers.Select(number => number.ToString("r", CultureInfo.InvariantCulture)))}]";
}
