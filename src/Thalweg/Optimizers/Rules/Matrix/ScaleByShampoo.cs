using System.Numerics;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Multiplies the gradient of each weight matrix from both sides by inverse fourth roots of sums of its squares: AdaGrad
/// with whole matrices.
/// </summary>
/// <remarks>
/// Formula: L = L + G G', R = R + G' G, u = (L + e)^-1/4 G (R + e)^-1/4; with decay b: b L + (1-b) G G'. Vectors: s = s + g^2, u =
/// g/sqrt(s + e). A side longer than the limit is left out, and the other's power is -1/2. State: L, R, their roots, s. The roots are
/// computed anew every few steps, by an eigendecomposition in double, which costs the cube of the side, and at once where |u| with the old
/// ones is longer than new ones can make it: sqrt(min(rows, columns)), divided by sqrt(1-b) with decay b. Old roots know nothing of
/// directions that no gradient had before, such as those outside a first batch of low rank, and would multiply them by up to e^-1/2.
/// Source: Gupta, Koren and Singer, Shampoo (2018), algorithm 1; roots every few steps: Anil et al., Scalable second order optimization
/// for deep learning (2020), section 4.
/// </remarks>
public sealed record ScaleByShampoo : ReduceRule
{
    private const int Left = 0, Right = 1, LeftRoot = 2, RightRoot = 3, Squares = 4;

    /// <summary>Share b of the old matrices that is kept, dimensionless, in [0, 1], default 1: sums, as in the paper.</summary>
    public double Decay { get; init => field = AtLeastZero(value); } = 1;

    /// <summary>Term e that eigenvalues are raised by, above 0, default 1e-6.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-6;

    /// <summary>Updates from one computation of the roots to the next, at least 1, default 10; new roots come earlier where old ones would
    /// make an update too long.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Longest side that has a matrix of its own, at least 1, default 512.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 512;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["left", "right", "left_root", "right_root", "s"];

    /// <inheritdoc/>
    public override string Formula => (Decay == 1 ? "L = L + G G', R = R + G' G" : "L = b L + (1-b) G G', R = b R + (1-b) G' G") +
        ", u = (L + e)^-1/4 G (R + e)^-1/4" +
        (Every == 1 ? "" : $" with roots of every {Every} steps, and new ones where |u| exceeds their bound") +
        "; vectors: " + (Decay == 1 ? "s = s + g^2" : "s = b s + (1-b) g^2") + ", u = g/sqrt(s + e)";

    /// <inheritdoc/>
    public override string Source => "Gupta, Koren, Singer: Shampoo, 2018, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "Shampoo's direction: whitened rows and columns";

    /// <inheritdoc/>
    protected override string? Conflict => Decay > 1 ? "expected decay of at most 1; use 1 or 0.99" : null;

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

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        int left = 0, right = 0, squares = 0;
        ShampooNumbers numbers = new(Decay, Decay == 1 ? 1 : 1 - Decay, Epsilon, fusion.Step % Every == 0);
        foreach (ParameterSegment segment in fusion.Segments.Segments)
        {
            T* input = fusion.Input + segment.Offset, output = fusion.UpdateBuffer + segment.Offset;
            if (!HasMatrix(segment))
            {
                Divide(input, output, fusion.Slot(Squares) + squares, segment.Size, numbers);
                squares += segment.Size;
                continue;
            }

            (bool hasLeft, bool hasRight) = (segment.Rows <= Limit, segment.Columns <= Limit);
            ShampooSide<T> rows = new(hasLeft ? fusion.Slot(Left) + left : null, fusion.Slot(LeftRoot) + left, segment.Rows),
                columns = new(hasRight ? fusion.Slot(Right) + right : null, fusion.Slot(RightRoot) + right, segment.Columns);
            new ShampooMatrix<T>(input, rows, columns, fusion).Step(output, numbers);
            left += hasLeft ? segment.Rows * segment.Rows : 0;
            right += hasRight ? segment.Columns * segment.Columns : 0;
        }

        fusion.Input = fusion.UpdateBuffer;
    }

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    private bool HasMatrix(ParameterSegment segment) => segment.IsMatrix && Math.Min(segment.Rows, segment.Columns) <= Limit;

    private static unsafe void Divide<T>(T* input, T* output, T* sums, int n, ShampooNumbers numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            double g = double.CreateTruncating(input[i]), sum = (numbers.Kept * double.CreateTruncating(sums[i])) + (numbers.Added * g * g);
            sums[i] = T.CreateTruncating(sum);
            output[i] = T.CreateTruncating(g / Math.Sqrt(sum + numbers.Epsilon));
        }
    }
}
