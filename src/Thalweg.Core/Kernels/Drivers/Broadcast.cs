namespace Thalweg.Kernels;

/// <summary>Which operand of a <see cref="Zip"/> over <c>[rows, columns]</c> is smaller than the result, and how it is repeated.</summary>
internal enum Broadcast
{
    /// <summary>The right operand is <c>[columns]</c>: the same for every row.</summary>
    RowVector,

    /// <summary>The right operand is <c>[rows]</c>: one element per row.</summary>
    ColumnVector,

    /// <summary>The right operand is one element.</summary>
    Scalar,

    /// <summary>The left operand is <c>[columns]</c>: the same for every row.</summary>
    LeftRowVector,

    /// <summary>The left operand is <c>[rows]</c>: one element per row.</summary>
    LeftColumnVector,

    /// <summary>The left operand is one element.</summary>
    LeftScalar,
}
