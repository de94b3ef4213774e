namespace Thalweg.Optimizers;

/// <summary>One parameter's place in the flat vector.</summary>
/// <param name="Name">Name, unique in the vector, as in <c>0.weight</c>.</param>
/// <param name="Offset">First element, from 0.</param>
/// <param name="Length">Number of elements, at least 0.</param>
/// <param name="IsWeight">True for weights, which decay reaches; false for biases and normalization, which it leaves
/// alone by default.</param>
/// <param name="Shape">
/// Shape of the parameter, as in <c>[in, out]</c>, for the rules that look at rows and columns; a segment longer than its shape ends in
/// padding. Left out, the parameter is a vector of all its elements.
/// </param>
/// <param name="OutputAxis">
/// The axis that counts the outputs, from 0, or from -1 for the last: -1 (default) for dense layers <c>[in, out]</c>, 0 for convolutions
/// <c>[out, in, window]</c>, 1 for transposed ones <c>[in, out, window]</c>.
/// </param>
public readonly record struct ParameterSegment(
    string Name, int Offset, int Length, bool IsWeight = true, Shape Shape = default, int OutputAxis = -1)
{
    /// <summary>Number of elements, padding left aside.</summary>
    public int Size => Shape.Rank == 0 ? Length : (int)Shape.Length;

    /// <summary>Rows of the parameter seen as a matrix in its own memory: outputs where their axis is the first or the second, else inputs;
    /// 1 for a vector.</summary>
    public int Rows => Shape.Rank < 2 ? 1 : HasOutputsLast ? (int)Shape.LengthOf(0, Shape.Rank - 1) : Shape[0];

    /// <summary>Columns of the parameter seen as a matrix in its own memory: what is not rows.</summary>
    public int Columns => Shape.Rank < 2 ? Size : Size / Math.Max(1, Rows);

    /// <summary>
    /// Groups whose inputs follow each other on the first axis, each with outputs of its own on the output axis, at least 1; more than 1
    /// for transposed convolutions in groups <c>[in, out / groups, window]</c> alone. Default 1.
    /// </summary>
    public int OutputGroups { get; init; } = 1;

    /// <summary>Units: outputs of the layer, each with the weights that lead to it; 1 for a vector.</summary>
    public int Units => Shape.Rank < 2 ? 1 : Shape[OutputAxis] * OutputGroups;

    /// <summary>Neighboring elements of one unit: 1 where the outputs are the last axis.</summary>
    internal int UnitRun => Shape.Rank < 2 ? Size : HasOutputsLast ? 1 : (int)Shape.LengthOf(OutputAxis + 1, Shape.Rank);

    /// <summary>Outputs of the matrix that <see cref="Rows"/> and <see cref="Columns"/> make.</summary>
    internal int MatrixOutputs => OutputAxis == 0 ? Rows : Columns;

    /// <summary>Inputs of the matrix that <see cref="Rows"/> and <see cref="Columns"/> make.</summary>
    internal int MatrixInputs => OutputAxis == 0 ? Columns : Rows;

    private bool HasOutputsLast => OutputAxis == -1 || OutputAxis == Shape.Rank - 1;

    /// <summary>Whether the parameter is a matrix with more than one row and column.</summary>
    public bool IsMatrix => Rows > 1 && Columns > 1;
}

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
            if (segment.Offset < Length || segment.Length < 0 || segment.Size > segment.Length)
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

    /// <summary>The segments, for loops that must not allocate.</summary>
    internal ReadOnlySpan<ParameterSegment> Segments => _segments;

    /// <summary>A flat vector of one segment of weights.</summary>
    /// <param name="length">Number of elements, at least 0.</param>
    public static ParameterSegments Single(int length) => new(new ParameterSegment("parameters", 0, length));

    /// <summary>The elements of each parameter, padding left aside.</summary>
    internal IEnumerable<(nint First, nint End, bool Decays, int Segment)> Exact() =>
        _segments.Select((segment, i) => ((nint)segment.Offset, (nint)(segment.Offset + segment.Size), segment.IsWeight, i));

    /// <summary>The longest runs without a gap in which decay reaches all elements or none.</summary>
    internal IEnumerable<(nint First, nint End, bool Decays, int Segment)> Runs()
    {
        int i = 0;
        while (i < _segments.Length)
        {
            int start = _segments[i].Offset, end = start;
            bool decays = _segments[i].IsWeight;
            for (; i < _segments.Length && _segments[i].Offset == end && _segments[i].IsWeight == decays; i++)
                end += _segments[i].Length;
            yield return (start, end, decays, 0);
        }
    }
}
