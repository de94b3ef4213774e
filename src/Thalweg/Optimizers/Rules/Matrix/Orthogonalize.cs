using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>How long an orthogonalized update is made.</summary>
public enum OrthogonalScale
{
    /// <summary>sqrt(max(1, outputs/inputs)): rates of Muon's authors, about 0.02.</summary>
    Shape,

    /// <summary>0.2 sqrt(max(outputs, inputs)): updates as long as Adam's, so that Adam's rates fit.</summary>
    LikeAdam,
}

/// <summary>
/// Replaces the update of each weight matrix by the nearest orthogonal one, by Newton-Schulz iterations: all directions move equally far.
/// </summary>
/// <remarks>
/// Formula: X = G/(|G| + e), 5 times A = X X', X = a X + (b A + c A^2) X with (a, b, c) = (3.4445, -4.775, 2.0315), u = scale X; vectors:
/// u = g/(rms(g) + e). State: none; 15 products of matrices per weight matrix. Source: Jordan et al., Muon: an optimizer for hidden
/// layers in neural networks (2024); the scale like Adam's: Liu et al., Muon is scalable for LLM training (2025), eq. 4. Singular values
/// end between about 0.7 and 1.2, which is near enough.
/// </remarks>
public sealed record Orthogonalize : ReduceRule
{
    private const double A = 3.4445, B = -4.775, C = 2.0315;

    /// <summary>Iterations, at least 1, default 5.</summary>
    public int Iterations { get; init => field = AtLeast(1, value); } = 5;

    /// <summary>How long the update is made, default by shape.</summary>
    public OrthogonalScale Scale { get; init; }

    /// <summary>Term e that is added to norms, above 0, default 1e-7.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-7;

    /// <inheritdoc/>
    public override string Formula => $"X = G/(|G| + e), {Iterations} times A = X X', X = 3.4445 X + (-4.775 A + 2.0315 A^2) X, u = " +
        (Scale == OrthogonalScale.Shape ? "sqrt(max(1, outputs/inputs)) X" : "0.2 sqrt(max(outputs, inputs)) X") +
            "; vectors: u = g/(rms(g) + e)";

    /// <inheritdoc/>
    public override string Source => Scale == OrthogonalScale.Shape
        ? "Jordan et al.: Muon, 2024"
        : "Jordan et al.: Muon, 2024; Liu et al.: Muon is scalable for LLM training, 2025, eq. 4";

    /// <inheritdoc/>
    public override string Use => "the update of hidden weight matrices, behind a momentum";

    internal override string MatrixWork => $"{3 * Iterations} products of matrices for each weight matrix";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        for (int k = 0; k < fusion.Segments.Segments.Length; k++)
        {
            ParameterSegment segment = fusion.Segments.Segments[k];
            T* input = fusion.Input + segment.Offset, output = fusion.UpdateBuffer + segment.Offset;
            double norm = VectorNorm.Of(input, segment.Size);
            if (input != output)
                new ReadOnlySpan<T>(input, segment.Size).CopyTo(new(output, segment.Size));
            if (!segment.IsMatrix)
            {
                fusion.Table[k] = T.CreateTruncating(1 / ((norm / Math.Sqrt(Math.Max(1, segment.Size))) + Epsilon));
                continue;
            }

            Multiply(output, segment.Size, T.CreateTruncating(1 / (norm + Epsilon)));
            int small = Math.Min(segment.Rows, segment.Columns);
            fixed (T* work = fusion.Scratch<T>(segment.Size + (2 * small * small)))
            {
                for (int i = 0; i < Iterations; i++)
                    Iterate(output, segment.Rows, segment.Columns, work);
            }

            fusion.Table[k] = T.CreateTruncating(Scale == OrthogonalScale.Shape
                ? Math.Sqrt(Math.Max(1, (double)segment.MatrixOutputs / segment.MatrixInputs))
                : 0.2 * Math.Sqrt(Math.Max(segment.Columns, segment.Rows)));
        }

        fusion.Input = fusion.UpdateBuffer;
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new SegmentScaleKernel<T>(fusion.Table));

    /// <summary>One iteration on x <c>[rows, columns]</c>, with the smaller of X X' and X' X.</summary>
    private static unsafe void Iterate<T>(T* x, int rows, int columns, T* work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isWide = rows <= columns;
        int small = isWide ? rows : columns, size = rows * columns;
        T* next = work, square = next + size, fourth = square + ((nint)small * small);
        Matrix<T> matrix = new(x, rows, columns, columns, 1), gram = new(square, small, small, small, 1);
        MatMul.Multiply(isWide ? matrix : matrix.Transposed, isWide ? matrix.Transposed : matrix, square, small, default);
        MatMul.Multiply(gram, gram, fourth, small, default);
        T b = T.CreateTruncating(B), c = T.CreateTruncating(C), a = T.CreateTruncating(A);
        for (nint i = 0; i < (nint)small * small; i++)
            square[i] = (b * square[i]) + (c * fourth[i]);
        MatMul.Multiply(isWide ? gram : matrix, isWide ? matrix : gram, next, columns, default);
        for (nint i = 0; i < size; i++)
            x[i] = (a * x[i]) + next[i];
    }

    private static unsafe void Multiply<T>(T* x, int n, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
            x[i] *= factor;
    }
}
