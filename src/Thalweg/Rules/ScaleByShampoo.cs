using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Multiplies the gradient of each weight matrix from both sides by inverse fourth roots of sums of its squares: AdaGrad with whole
/// matrices.
/// </summary>
/// <remarks>
/// Formula: L = L + G G', R = R + G' G, u = (L + e)^-1/4 G (R + e)^-1/4; with decay b: b L + (1-b) G G'. Vectors: s = s + g^2, u =
/// g/sqrt(s + e). A side longer than the limit is left out, and the other's power is -1/2. State: L, R, their roots, s. The roots are
/// computed anew every few steps, by Jacobi rotations in double, which costs the cube of the side. Source: Gupta, Koren and Singer,
/// Shampoo (2018), algorithm 1; roots every few steps: Anil et al., Scalable second order optimization for deep learning (2020), section
/// 4.
/// </remarks>
public sealed record ScaleByShampoo : ReduceRule
{
    private const int Left = 0, Right = 1, LeftRoot = 2, RightRoot = 3, Squares = 4;

    /// <summary>Share b of the old matrices that is kept, dimensionless, in [0, 1], default 1: sums, as in the paper.</summary>
    public double Decay { get; init => field = AtLeastZero(value); } = 1;

    /// <summary>Term e that eigenvalues are raised by, above 0, default 1e-6.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-6;

    /// <summary>Updates from one computation of the roots to the next, at least 1, default 10.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Longest side that has a matrix of its own, at least 1, default 512.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 512;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["left", "right", "left_root", "right_root", "s"];

    /// <inheritdoc/>
    public override string Formula => (Decay == 1 ? "L = L + G G', R = R + G' G" : "L = b L + (1-b) G G', R = b R + (1-b) G' G") +
        $", u = (L + e)^-1/4 G (R + e)^-1/4 with roots of every {Every} steps; vectors: s = s + g^2, u = g/sqrt(s + e)";

    /// <inheritdoc/>
    public override string Source => "Gupta, Koren, Singer: Shampoo, 2018, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "Shampoo's direction: whitened rows and columns";

    internal override string? Conflict => Decay > 1 ? "expected decay of at most 1; use 1 or 0.99" : null;

    internal override string MatrixWork => $"4 products of matrices for each weight matrix, and every {Every} steps 2 eigendecompositions";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments)
    {
        int length = 0;
        foreach (ParameterSegment segment in segments.Segments)
        {
            int side = slot is "left" or "left_root" ? segment.Rows : segment.Columns;
            length = checked(
                length + (slot == "s" ? (HasMatrix(segment) ? 0 : segment.Size) : HasMatrix(segment) && side <= Limit ? side * side : 0));
        }

        return new(length);
    }

    internal override unsafe void Look<T>(Fusion<T> fusion)
    {
        int left = 0, right = 0, squares = 0;
        bool computesRoots = fusion.Step % Every == 0;
        (double keep, double rest) = Decay == 1 ? (1, 1) : (Decay, 1 - Decay);
        foreach (ParameterSegment segment in fusion.Segments.Segments)
        {
            T* input = fusion.Input + segment.Offset, output = fusion.Scratch + segment.Offset;
            if (!HasMatrix(segment))
            {
                Divide(input, output, fusion.Slot(Squares) + squares, segment.Size, (keep, rest));
                squares += segment.Size;
                continue;
            }

            bool hasLeft = segment.Rows <= Limit, hasRight = segment.Columns <= Limit;
            double power = hasLeft && hasRight ? -0.25 : -0.5;
            Matrix<T> gradient = new(input, segment.Rows, segment.Columns, segment.Columns, 1);
            Side<T> leftSide = new(fusion.Slot(Left) + left, fusion.Slot(LeftRoot) + left, segment.Rows),
                rightSide = new(fusion.Slot(Right) + right, fusion.Slot(RightRoot) + right, segment.Columns);
            if (hasLeft)
                leftSide.MoveOn(gradient, fusion, (keep, rest), computesRoots, (power, Epsilon));
            if (hasRight)
                rightSide.MoveOn(gradient.Transposed, fusion, (keep, rest), computesRoots, (power, Epsilon));
            Apply(gradient, hasLeft ? leftSide.Root : null, hasRight ? rightSide.Root : null, output, fusion);
            left += hasLeft ? segment.Rows * segment.Rows : 0;
            right += hasRight ? segment.Columns * segment.Columns : 0;
        }

        fusion.Input = fusion.Scratch;
    }

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    private bool HasMatrix(ParameterSegment segment) => segment.IsMatrix && Math.Min(segment.Rows, segment.Columns) <= Limit;

    /// <summary>output = left gradient right, a root that is null left out.</summary>
    private static unsafe void Apply<T>(Matrix<T> gradient, T* left, T* right, T* output, Fusion<T> fusion)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int columns) = (gradient.Rows, gradient.Columns);
        fixed (T* work = fusion.Work<T>(rows * columns))
        {
            if (left is not null)
                MatMul.Multiply(new Matrix<T>(left, rows, rows, rows, 1), gradient, work, columns, default);
            else
                new ReadOnlySpan<T>(gradient.Data, rows * columns).CopyTo(new(work, rows * columns));
            if (right is not null)
                MatMul.Multiply(new Matrix<T>(work, rows, columns, columns, 1), new Matrix<T>(right, columns, columns, columns, 1), output,
                    columns, default);
            else
                new ReadOnlySpan<T>(work, rows * columns).CopyTo(new(output, rows * columns));
        }
    }

    private unsafe void Divide<T>(T* input, T* output, T* sums, int n, (double Keep, double New) shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            double g = double.CreateTruncating(input[i]), sum = (shares.Keep * double.CreateTruncating(sums[i])) + (shares.New * g * g);
            sums[i] = T.CreateTruncating(sum);
            output[i] = T.CreateTruncating(g / Math.Sqrt(sum + Epsilon));
        }
    }
}

/// <summary>The matrix of one side of a weight matrix and its inverse root, both <c>[n, n]</c>.</summary>
internal readonly unsafe struct Side<T>(T* sum, T* root, int n)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The inverse root.</summary>
    public T* Root { get; } = root;

    /// <summary>sum = keep sum + rest G G', and its root anew if asked.</summary>
    public void MoveOn(
        Matrix<T> gradient, Fusion<T> fusion, (double Keep, double New) shares, bool computesRoot, (double Power, double Epsilon) exponent)
    {
        int size = n * n;
        fixed (T* product = fusion.Work<T>(size))
        {
            MatMul.Multiply(gradient, gradient.Transposed, product, n, default);
            T keep = T.CreateTruncating(shares.Keep), rest = T.CreateTruncating(shares.New);
            for (int i = 0; i < size; i++)
                sum[i] = (keep * sum[i]) + (rest * product[i]);
        }

        if (!computesRoot)
            return;
        Span<double> work = fusion.Work<double>(3 * size);
        Span<double> matrix = work[..size], power = work[size..(2 * size)];
        for (int i = 0; i < size; i++)
            matrix[i] = double.CreateTruncating(sum[i]) + (i % (n + 1) == 0 ? exponent.Epsilon : 0);
        SymmetricEigen.Power(matrix, power, work[(2 * size)..], (exponent.Power, exponent.Epsilon), n);
        for (int i = 0; i < size; i++)
            Root[i] = T.CreateTruncating(power[i]);
    }
}
