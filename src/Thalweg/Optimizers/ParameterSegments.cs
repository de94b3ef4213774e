namespace Thalweg.Optimizers;

/// <summary>One parameter's place in the flat vector.</summary>
/// <param name="Name">Name, unique in the vector, as in <c>0.weight</c>.</param>
/// <param name="Offset">First element, from 0.</param>
/// <param name="Length">Number of elements, at least 0.</param>
/// <param name="IsWeight">True for weights, which decay reaches; false for biases and normalization, which it leaves alone by default.</param>
public readonly record struct ParameterSegment(string Name, int Offset, int Length, bool IsWeight = true);

/// <summary>What lies where in the flat vector that holds all parameters of a network, one after another.</summary>
/// <remarks>Between segments there may be padding, whose gradient must stay 0; updates do not touch it.</remarks>
public sealed class ParameterSegments
{
    private readonly ParameterSegment[] _segments;

    /// <summary>Describes a flat vector.</summary>
    /// <param name="segments">The segments, by ascending offset.</param>
    /// <exception cref="ThalwegException">A segment overlaps the one before it, or has a negative length: give them in order.</exception>
    public ParameterSegments(params ReadOnlySpan<ParameterSegment> segments)
    {
        _segments = segments.ToArray();
        foreach (ParameterSegment segment in _segments)
        {
            if (segment.Offset < Length || segment.Length < 0)
            {
                throw new ThalwegException(
                    $"[parameters] expected '{segment.Name}' to begin at {Length} or later with a length of at least 0, " +
                    $"got offset {segment.Offset} and length {segment.Length}; give the segments in order, without overlap");
            }

            Length = checked(segment.Offset + segment.Length);
        }
    }

    /// <summary>Elements of the flat vector.</summary>
    public int Length { get; }

    /// <summary>The segments, by ascending offset.</summary>
    public IReadOnlyList<ParameterSegment> Items => _segments;

    /// <summary>A flat vector of one segment of weights.</summary>
    /// <param name="length">Number of elements, at least 0.</param>
    public static ParameterSegments Single(int length) => new(new ParameterSegment("parameters", 0, length));

    /// <summary>The longest runs without a gap in which decay reaches all elements or none.</summary>
    internal IEnumerable<(nint First, nint End, bool Decays)> Runs()
    {
        int i = 0;
        while (i < _segments.Length)
        {
            int start = _segments[i].Offset, end = start;
            bool decays = _segments[i].IsWeight;
            for (; i < _segments.Length && _segments[i].Offset == end && _segments[i].IsWeight == decays; i++)
                end += _segments[i].Length;
            yield return (start, end, decays);
        }
    }
}
